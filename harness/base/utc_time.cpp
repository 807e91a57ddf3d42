#include "harness/base/utc_time.h"

#include <charconv>
#include <ctime>
#include <iomanip>
#include <sstream>
#include <string>

namespace ipcbench {

std::optional<double> seconds_of_utc(std::string_view time) {
  constexpr std::size_t kWholeSeconds = 19;
  if (time.size() <= kWholeSeconds || !time.ends_with('Z')) return std::nullopt;
  std::tm parts{};
  std::istringstream in{std::string(time.substr(0, kWholeSeconds))};
  in >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%S");
  const int day = parts.tm_mday;
  const std::time_t seconds = ::timegm(&parts);
  if (in.fail() || parts.tm_mday != day) return std::nullopt;  // 31 February
  double fraction = 0;
  if (const std::string_view rest = time.substr(kWholeSeconds, time.size() - kWholeSeconds - 1); !rest.empty()) {
    const std::string text = '0' + std::string(rest);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fraction);
    if (!rest.starts_with('.') || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  }
  return static_cast<double>(seconds) + fraction;
}

}  // namespace ipcbench

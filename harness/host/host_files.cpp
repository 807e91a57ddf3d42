#include "harness/host/host_files.h"

#include <charconv>
#include <limits>
#include <system_error>

#include "harness/base/io.h"
#include "harness/base/take_line.h"
#include "harness/base/text.h"

namespace ipcbench {
namespace {

constexpr int kHighestCpu = 1 << 16;  // a list that says more is garbled

}  // namespace

HostFiles::Reading HostFiles::read(const std::string& path) const {
  try {
    return {.text = std::string(trimmed(read_file(root_ + path))), .reason = {}};
  } catch (const std::system_error& error) {
    return {.text = std::nullopt, .reason = error.code().message()};
  }
}

std::optional<std::uint64_t> leading_number(std::string_view text) noexcept {
  if (text == "unlimited") return std::numeric_limits<std::uint64_t>::max();
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) return std::numeric_limits<std::uint64_t>::max();
  return error == std::errc{} ? std::optional<std::uint64_t>(number) : std::nullopt;
}

std::vector<int> parse_cpu_list(std::string_view text) {
  std::vector<int> cpus;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    int first = 0;
    auto [stop, error] = std::from_chars(at, end, first);
    if (error != std::errc{}) break;
    int last = first;
    if (stop < end && *stop == '-') stop = std::from_chars(stop + 1, end, last).ptr;
    if (first < 0 || last >= kHighestCpu) break;
    for (int cpu = first; cpu <= last; ++cpu) cpus.push_back(cpu);
    at = stop + 1;
  }
  return cpus;
}

std::string value_in_lines(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && trimmed(line.substr(0, colon)) == key) {
      return std::string(trimmed(line.substr(colon + 1)));
    }
  }
  return {};
}

bool has_capability(std::string_view status, unsigned number) {
  const std::string mask = value_in_lines(status, "CapEff");
  std::uint64_t bits = 0;
  std::from_chars(mask.data(), mask.data() + mask.size(), bits, 16);
  return number < 64 && ((bits >> number) & 1) != 0;
}

}  // namespace ipcbench

#include "harness/process/proc_stat.h"

#include <charconv>
#include <cstddef>
#include <string>
#include <system_error>

#include <fmt/core.h>

#include "harness/base/io.h"

namespace ipcbench {

std::string_view stat_field(std::string_view stat, int number) noexcept {
  std::size_t at = stat.rfind(')');  // the end of the second field
  for (int field = 2; field < number && at != std::string_view::npos; ++field) at = stat.find(' ', at + 1);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = stat.substr(at + 1);
  return rest.substr(0, rest.find_first_of(" \n"));
}

std::optional<std::uint64_t> process_start_time(pid_t pid) {
  constexpr int kState = 3, kStartTime = 22;
  const std::string stat = read_line(fmt::format("/proc/{}/stat", pid)).value_or("");
  const std::string_view state = stat_field(stat, kState), start = stat_field(stat, kStartTime);
  if (state == "Z" || state == "X") return std::nullopt;
  std::uint64_t ticks = 0;
  const auto [stop, error] = std::from_chars(start.data(), start.data() + start.size(), ticks);
  if (error != std::errc{} || stop != start.data() + start.size()) return std::nullopt;
  return ticks;
}

}  // namespace ipcbench

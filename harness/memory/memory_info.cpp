#include "harness/memory/memory_info.h"

#include <charconv>
#include <string>
#include <system_error>

#include "harness/base/io.h"
#include "harness/base/take_line.h"

namespace ipcbench {

std::optional<std::size_t> memory_info(std::string_view name, std::string_view text) noexcept {
  while (!text.empty()) {
    std::string_view line = take_line(text);
    if (line.substr(0, name.size()) != name || line.substr(name.size(), 1) != ":") continue;
    line.remove_prefix(std::min(line.find_first_not_of(" \t", name.size() + 1), line.size()));
    std::size_t value = 0;
    const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (error != std::errc{}) return std::nullopt;
    return line.substr(static_cast<std::size_t>(stop - line.data())) == " kB" ? value * 1024 : value;
  }
  return std::nullopt;
}

std::optional<std::size_t> memory_info(std::string_view name) {
  try {
    return memory_info(name, read_file("/proc/meminfo"));
  } catch (const std::system_error&) {
    return std::nullopt;  // no /proc here
  }
}

}  // namespace ipcbench

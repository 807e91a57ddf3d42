#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace ipcbench {

// Returns a line of /proc/meminfo by its name ("MemAvailable"): bytes, or a plain number if the kernel gives no unit.
// nullopt if there is none.
std::optional<std::size_t> memory_info(std::string_view name);
// Returns a line of a text like that file.
std::optional<std::size_t> memory_info(std::string_view name, std::string_view text) noexcept;

}  // namespace ipcbench

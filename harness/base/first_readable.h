#pragma once

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <optional>

namespace ipcbench {

using Deadline = std::chrono::steady_clock::time_point;

// Sleeps until one of at most 4 descriptors can be read or has hung up, and returns its place; -1 never can. A signal
// doesn't end it. Returns nullopt at the deadline (none: it waits forever). Throws std::system_error.
std::optional<std::size_t> first_readable(std::initializer_list<int> descriptors, std::optional<Deadline> deadline);

}  // namespace ipcbench

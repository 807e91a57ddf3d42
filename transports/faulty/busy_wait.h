#pragma once

#include <cstdint>
#include <ctime>

namespace ipcbench {

// Returns CLOCK_MONOTONIC_RAW in nanoseconds. The faulty transports read it themselves and never use the launch's
// Clock, so that a wrong rate of the harness's clock shows.
inline std::uint64_t independent_ns() noexcept {
  timespec now;
  ::clock_gettime(CLOCK_MONOTONIC_RAW, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

// Keeps the CPU busy for `ns`, and at most one clock reading longer.
inline void busy_wait(std::uint64_t ns) noexcept {
  const std::uint64_t begin = independent_ns();
  while (independent_ns() - begin < ns) {
  }
}

}  // namespace ipcbench

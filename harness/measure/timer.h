#pragma once

#include <cstdint>

namespace ipcbench {

// NoTimerSlack turns off timer slack while it lives, by which the kernel rounds a sleep of the calling thread up: 50 us
// unless told otherwise.
class NoTimerSlack {
 public:
  NoTimerSlack() noexcept;
  NoTimerSlack(const NoTimerSlack&) = delete;
  NoTimerSlack& operator=(const NoTimerSlack&) = delete;
  ~NoTimerSlack();

 private:
  int before_;
};

// Returns CLOCK_MONOTONIC in ns.
std::uint64_t monotonic_ns() noexcept;
// Sleeps until CLOCK_MONOTONIC is `due_ns`.
void sleep_until_monotonic(std::uint64_t due_ns) noexcept;

}  // namespace ipcbench

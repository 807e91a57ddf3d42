#include "harness/measure/timer.h"

#include <sys/prctl.h>

#include <cerrno>
#include <ctime>

namespace ipcbench {

NoTimerSlack::NoTimerSlack() noexcept : before_(::prctl(PR_GET_TIMERSLACK)) { ::prctl(PR_SET_TIMERSLACK, 1UL); }
NoTimerSlack::~NoTimerSlack() {
  if (before_ > 0) ::prctl(PR_SET_TIMERSLACK, static_cast<unsigned long>(before_));
}

std::uint64_t monotonic_ns() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

void sleep_until_monotonic(std::uint64_t due_ns) noexcept {
  const timespec until{.tv_sec = static_cast<time_t>(due_ns / 1'000'000'000),
                       .tv_nsec = static_cast<long>(due_ns % 1'000'000'000)};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

}  // namespace ipcbench

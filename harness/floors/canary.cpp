#include "harness/floors/canary.h"

#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>

#include "harness/base/cpu_relax.h"

namespace ipcbench {
namespace {

// `turn` is odd when the producer has passed the line, even when the consumer has passed it back. kStop ends the
// exchange; the consumer answers it in `stop`, its last access to the line.
using Turn = std::atomic_ref<std::uint64_t>;

constexpr std::uint64_t kStop = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kWindow = 100;      // round trips
constexpr std::size_t kMostWindows = 1024;  // that the median is taken over; any later ones only pass the time
constexpr unsigned kTightTries = 1u << 16;  // of the rendezvous, before a CPU that may be shared is given up

// Waits at the rendezvous and at the end, where a late peer may need this CPU to come at all.
void wait_patiently(Turn turn, std::uint64_t expected) noexcept {
  for (unsigned tries = 0; turn.load(std::memory_order_acquire) != expected; ++tries) {
    tries < kTightTries ? cpu_relax() : static_cast<void>(::sched_yield());
  }
}

// There is no pause instruction: on some CPUs it takes as long as the hand-over itself.
void pass_and_await(Turn turn, std::uint64_t mine) noexcept {
  turn.store(mine, std::memory_order_release);
  while (turn.load(std::memory_order_acquire) != mine + 1) {
  }
}

CanaryResult produce(Turn turn, Turn stop, const Clock& clock, std::uint64_t duration_ns) noexcept {
  std::uint64_t next = 1;
  turn.store(next, std::memory_order_release);
  wait_patiently(turn, next + 1);
  next += 2;

  std::array<std::uint64_t, kMostWindows> ticks;
  std::uint64_t windows = 0;
  std::uint64_t window_end = 0;
  const std::uint64_t first_begin = clock.begin();
  do {
    const std::uint64_t window_begin = clock.begin();
    for (std::uint64_t i = 0; i < kWindow; ++i, next += 2) pass_and_await(turn, next);
    window_end = clock.end();
    if (windows < kMostWindows) ticks[windows] = window_end - window_begin;
    ++windows;
  } while (clock.to_ns(window_end - first_begin) < duration_ns);

  turn.store(kStop, std::memory_order_release);
  wait_patiently(stop, 1);
  const auto kept = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(windows, kMostWindows));
  auto* const middle = ticks.begin() + kept / 2;
  std::nth_element(ticks.begin(), middle, ticks.begin() + kept);
  return {.rtt_ns = static_cast<double>(clock.to_ns(*middle)) / kWindow, .windows = windows};
}

void answer(Turn turn, Turn stop) noexcept {
  wait_patiently(turn, 1);
  for (std::uint64_t expected = 1;; expected += 2) {
    std::uint64_t seen = turn.load(std::memory_order_acquire);
    while (seen != expected && seen != kStop) seen = turn.load(std::memory_order_acquire);
    if (seen == kStop) break;
    turn.store(expected + 1, std::memory_order_release);
  }
  stop.store(1, std::memory_order_release);
}

}  // namespace

CanaryResult run_canary(CanaryLine& line, Role role, const Clock& clock, std::uint64_t duration_ns) noexcept {
  if (role == Role::producer) return produce(Turn(line.turn), Turn(line.stop), clock, duration_ns);
  answer(Turn(line.turn), Turn(line.stop));
  return {};
}

}  // namespace ipcbench

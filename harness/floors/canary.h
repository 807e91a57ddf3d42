#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/measure/clock.h"
#include "harness/measure/payload.h"

namespace ipcbench {

// The duration of each of a launch's two canaries. Whoever wants to see the states that launches see takes as long.
inline constexpr std::uint64_t kLaunchCanaryNs = 1'000'000;

// CanaryLine is a cache line that two processes on two CPUs pass to and fro by spinning. It must be zeroed before each
// use. The CPUs must differ: on one CPU each hand-over would take a scheduler tick. If one process dies the other spins
// on; whoever started them ends both.
struct alignas(kCacheLine) CanaryLine {
  std::uint64_t turn;
  std::uint64_t stop;
};

struct CanaryResult {
  double rtt_ns = 0;          // median over (the first 1024) windows of 100 round trips, each window's mean
  std::uint64_t windows = 0;  // at least 1
};

// Passes the line to and fro for about `duration_ns` and measures its round trip. Both workers call it with the same
// zeroed line and return when both are through. The producer gets the result, the consumer gets {}.
CanaryResult run_canary(CanaryLine& line, Role role, const Clock& clock, std::uint64_t duration_ns) noexcept;

}  // namespace ipcbench

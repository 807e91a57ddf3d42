#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/measure/clock.h"
#include "harness/measure/payload.h"

namespace ipcbench {

// One cache line that two processes on two CPUs pass to and fro by spinning. Zero before each use; only for two
// different CPUs: on one CPU every hand-over would cost a scheduler tick. A peer that dies leaves the other spinning:
// whoever started the two ends them.
struct alignas(kCacheLine) CanaryLine {
  std::uint64_t turn;
  std::uint64_t stop;
};

struct CanaryResult {
  double rtt_ns = 0;          // median over (the first 1024) windows of 100 round trips, each window's mean
  std::uint64_t windows = 0;  // at least 1
};

// Both workers call it with the same zeroed line. After a rendezvous on the line they exchange it for about
// `duration_ns`; the producer times it and gets the result, the consumer gets {}. Returns when both are through.
CanaryResult run_canary(CanaryLine& line, Role role, const Clock& clock, std::uint64_t duration_ns) noexcept;

}  // namespace ipcbench

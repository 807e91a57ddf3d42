#pragma once

#include <cstdint>

#include "harness/records/side_usage.h"

namespace ipcbench {

// ResourceUsage is what the calling process has used so far. Only the difference of two samples of one process means
// something.
struct ResourceUsage {
  std::uint64_t cpu_ns = 0;   // CLOCK_PROCESS_CPUTIME_ID
  std::uint64_t user_ns = 0;  // getrusage: ticks of up to 10 ms on some kernels
  std::uint64_t system_ns = 0;
  std::uint64_t voluntary = 0;  // context switches
  std::uint64_t involuntary = 0;
  std::uint64_t minor_faults = 0;
  std::uint64_t major_faults = 0;
  std::uint64_t wall_ns = 0;  // CLOCK_MONOTONIC_RAW
  std::int32_t cpu = -1;      // the CPU it ran on when read
};

ResourceUsage resource_usage() noexcept;

// The shortest window whose CPU time is split into user and system time. getrusage(2) may attribute whole ticks of
// 10 ms, which are 1 % of it.
inline constexpr double kLeastSplitWindowNs = 1e9;

// Returns what a process used between two samples of it. User and system time are absent if the window is under
// kLeastSplitWindowNs.
SideUsage usage_between(const ResourceUsage& before, const ResourceUsage& after) noexcept;

// Returns what another process, of one thread, has used so far.
ProcessUsage process_usage(std::int32_t pid) noexcept;
// Returns `after - before`. The switches are absent unless both kinds could be read both times.
ProcessUsage usage_between(const ProcessUsage& before, const ProcessUsage& after) noexcept;

// Estimates the sample one interval before `middle`, as if that interval had been like the one from `middle` to `end`.
// No field is below that of `begin`; cpu is that of `middle`.
ResourceUsage usage_before_interval(const ResourceUsage& begin, const ResourceUsage& middle,
                                    const ResourceUsage& end) noexcept;

}  // namespace ipcbench

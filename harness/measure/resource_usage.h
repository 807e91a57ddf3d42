#pragma once

#include <cstdint>
#include <optional>

namespace ipcbench {

// ResourceUsage is what the calling process has used so far. Only the difference of two samples of one process means
// something.
struct ResourceUsage {
  std::uint64_t cpu_ns = 0;   // CLOCK_PROCESS_CPUTIME_ID
  std::uint64_t user_ns = 0;  // getrusage: ticks of up to 10 ms on some kernels, see cpu_split()
  std::uint64_t system_ns = 0;
  std::uint64_t voluntary = 0;  // context switches
  std::uint64_t involuntary = 0;
  std::uint64_t minor_faults = 0;
  std::uint64_t major_faults = 0;
  std::uint64_t wall_ns = 0;  // CLOCK_MONOTONIC_RAW
  std::int32_t cpu = -1;      // the CPU it ran on when read
};

ResourceUsage resource_usage() noexcept;

// Returns `after - before`, field by field; cpu is that of `after`.
ResourceUsage usage_between(const ResourceUsage& before, const ResourceUsage& after) noexcept;

// The shortest window whose CPU time is split into user and system time. getrusage(2) may attribute whole ticks of
// 10 ms, which are 1 % of it.
inline constexpr double kLeastSplitWindowNs = 1e9;

struct CpuSplit {
  double user_ns = 0, system_ns = 0;
};

// Splits the CPU time of `used`, the difference of two samples; nullopt if the window is under kLeastSplitWindowNs.
std::optional<CpuSplit> cpu_split(const ResourceUsage& used) noexcept;

// ProcessUsage is what another process, of one thread, has used so far.
struct ProcessUsage {
  std::int64_t cpu_ns = -1;       // its CPU clock
  std::int64_t voluntary = -1;    // context switches, /proc/<pid>/status
  std::int64_t involuntary = -1;  // -1: could not be read
};
ProcessUsage process_usage(std::int32_t pid) noexcept;

// Estimates the sample one interval before `middle`, as if that interval had been like the one from `middle` to `end`.
// No field is below that of `begin`; cpu is that of `middle`.
ResourceUsage usage_before_interval(const ResourceUsage& begin, const ResourceUsage& middle,
                                    const ResourceUsage& end) noexcept;

}  // namespace ipcbench

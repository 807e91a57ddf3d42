#pragma once

#include "harness/measure/clock.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ipcbench {

// How quiet a CPU is when ipcbench alone uses it.
struct CpuNoise {
  int cpu = -1;
  double spin_gap_max_ns = 0;   // longest hole in a loop that does nothing but read the clock
  double spin_gap_p999_ns = 0;  // of the gaps over 1 us; 0 if there was none
  double stolen_ratio = 0;      // part of the time spent in gaps over 1 us, 0 to 1
  double wakeup_p50_ns = 0;     // lateness of a 200 us clock_nanosleep
  double wakeup_p99_ns = 0;
};

// About `duration_ns` per CPU, half of it spinning, half of it sleeping. Restores the caller's affinity.
std::vector<CpuNoise> measure_noise(const Clock& clock, std::span<const int> cpus, std::uint64_t duration_ns);

// What the kernel has counted for the machine so far; differences are stored with each launch.
struct SystemCounters {
  std::optional<std::uint64_t> steal_ns;    // /proc/stat, sum over `cpus`
  std::optional<std::uint64_t> interrupts;  // /proc/interrupts or /proc/softirqs are per CPU; /proc/stat "intr" total
};

SystemCounters read_system_counters(std::span<const int> cpus);

}  // namespace ipcbench

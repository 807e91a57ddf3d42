#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "harness/measure/clock.h"
#include "harness/records/machine_records.h"

namespace ipcbench {

// Measures each CPU for about `duration_ns`: half of it spinning, half of it sleeping (at least once). Restores the
// caller's affinity and timer slack. Throws std::system_error if a CPU can't be used.
std::vector<NoiseRecord> measure_noise(const Clock& clock, std::span<const int> cpus, std::uint64_t duration_ns);

// SystemCounters are what the kernel has counted so far; differences are stored with each launch. A counter that the
// kernel doesn't report is nullopt.
struct SystemCounters {
  std::optional<std::uint64_t> steal_ns;    // sum over `cpus`, all if empty; counted in ticks of (mostly) 10 ms
  std::optional<std::uint64_t> interrupts;  // of the whole machine, timers and those between CPUs included
};

SystemCounters read_system_counters(std::span<const int> cpus);

// Parses the counters from the text of /proc/stat; `ticks_per_second` is sysconf(_SC_CLK_TCK).
SystemCounters parse_system_counters(std::string_view proc_stat, std::span<const int> cpus,
                                     std::uint64_t ticks_per_second);

}  // namespace ipcbench

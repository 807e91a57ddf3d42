#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/floors/canary_watch.h"
#include "harness/floors/noise.h"
#include "harness/host/topology.h"
#include "harness/measure/clock_choice.h"
#include "harness/records/host_check.h"

// Host checks that need a measurement. Each is always present, made or not, so that the list of ids is fixed.

namespace ipcbench {

inline constexpr const char* kClockCheck = "clock";
inline constexpr const char* kStealCheck = "steal";
inline constexpr const char* kCanaryCheck = "canary-states";

// Returns a note that says why there is no measurement.
HostCheck not_measured(const char* id, std::string reason);

HostCheck clock_check(const ClockChoice& choice);

// Checks how much CPU time the hypervisor took from `cpus` CPUs during `elapsed_ns`, by the counters before and after.
HostCheck steal_check(const SystemCounters& before, const SystemCounters& after, std::size_t cpus,
                      std::uint64_t elapsed_ns);

// Checks whether the distance between two CPUs is stable, by the clusters of results/figures/states over all canaries.
// A cluster with under 1 % of them is no state but a disturbance, and only noted.
HostCheck canary_check(Placement placement, CpuPair cpus, const CanaryWatch& watch);

}  // namespace ipcbench

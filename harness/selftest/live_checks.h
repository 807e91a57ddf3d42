#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/floors/canary_watch.h"
#include "harness/floors/noise.h"
#include "harness/host/topology.h"
#include "harness/host_checks/host_check.h"
#include "harness/measure/clock_choice.h"

// The checks of a host that take a measurement. Each is there whether it was made or not, so that the list of ids is
// always the same.

namespace ipcbench {

inline constexpr const char* kClockCheck = "clock";
inline constexpr const char* kStealCheck = "steal";
inline constexpr const char* kCanaryCheck = "canary-states";

// A note that says why there is no measurement.
HostCheck not_measured(const char* id, std::string reason);

HostCheck clock_check(const ClockChoice& choice);

// What the hypervisor kept of `cpus` CPUs during `elapsed_ns`, by the counters before and after.
HostCheck steal_check(const SystemCounters& before, const SystemCounters& after, std::size_t cpus,
                      std::uint64_t elapsed_ns);

// Whether the two CPUs keep their distance: the clusters of results/figures/states over all canaries. A cluster of less
// than 1 % of them is no state, but canaries that something disturbed: a note.
HostCheck canary_check(Placement placement, CpuPair cpus, const CanaryWatch& watch);

}  // namespace ipcbench

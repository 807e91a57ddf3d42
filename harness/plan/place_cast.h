#pragma once

#include <optional>

#include "harness/host/topology.h"
#include "harness/plan/planned_case.h"

namespace ipcbench {

// Gives each seat of a cast its CPU, and the case the pair of CPUs that are farthest apart. With `cpus`, producers are
// on the first and consumers on the second. Cases of a pair, and casts that have no such placement here, stay as they
// are.
void place_cast(PlannedCase& planned, const Topology& topology, std::optional<CpuPair> cpus);

}  // namespace ipcbench

#pragma once

#include <optional>

#include "harness/host/topology.h"
#include "harness/plan/plan.h"
#include "harness/plan/selection.h"
#include "harness/suite/suite.h"

namespace ipcbench {

// Makes the plan of a suite:
//   - It expands the axes, checks every name (UsageError with a suggestion), probes transports and placements, and
//     drops duplicates.
//   - It fits blocks to the budget, with never fewer than 9 launches unless `passes` says so, and never under 5 ms.
//   - A combination that doesn't exist (transport and wait, or a placement that this machine lacks) is skipped with a
//     reason if both parts were named; otherwise it isn't generated.
//   - Sizes above the largest message that a transport carries here become one case of that size, whose id the
//     filters see.
// Throws UsageError if no case is left.
Plan make_plan(const Suite& suite, const Selection& selection, const Topology& topology, std::optional<int> passes);

}  // namespace ipcbench

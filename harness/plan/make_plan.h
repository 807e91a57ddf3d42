#pragma once

#include <optional>

#include "harness/host/topology.h"
#include "harness/plan/plan.h"
#include "harness/plan/selection.h"
#include "harness/suite/suite.h"

namespace ipcbench {

// Expands, checks every name (UsageError with a suggestion), probes transports and placements, drops duplicates, and
// fits blocks to the budget (never under 9 launches unless `passes` says so, never under 5 ms). No case left is a
// UsageError. A combination that doesn't exist is generated only where both parts were asked for by name (then it is
// skipped with a reason): a wait that the transport lacks, a placement that the machine lacks. Sizes over the largest
// message that a transport carries here, with the case's options, become one case of that size; filters see its id.
Plan make_plan(const Suite& suite, const Selection& selection, const Topology& topology, std::optional<int> passes);

}  // namespace ipcbench

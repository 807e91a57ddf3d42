#pragma once

#include <string>
#include <vector>

#include "harness/host/topology.h"
#include "harness/plan/selection.h"
#include "harness/suite/case_spec.h"
#include "harness/suite/suite.h"

namespace ipcbench {

// Returns the cases that a suite and a selection ask for, in table order, each id once. It doesn't check whether the
// transports can run on this host. `notes` gets what this machine lacks of "all" and "nearest". Throws UsageError for
// unknown names.
std::vector<CaseSpec> expand(const Suite& suite, const Selection& selection, const Topology& topology,
                             std::vector<std::string>& notes);

}  // namespace ipcbench

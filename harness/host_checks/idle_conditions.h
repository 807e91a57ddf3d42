#pragma once

#include <vector>

#include "harness/records/host_check.h"

namespace ipcbench {

// Returns the checks of examine_host() that say what an idle CPU does, fine ones included: cpuidle driver and states,
// halt polling, frequency governor, tick, timer slack. A result stores them, since silences are measured under them.
std::vector<HostCheck> idle_conditions(const std::vector<HostCheck>& all);

}  // namespace ipcbench

#pragma once

#include <vector>

#include "harness/run_dir/run_dir.h"
#include "transports/facts/fact.h"

namespace ipcbench {

// Runs every experiment, in the order of the claims. It takes some milliseconds; an experiment that hangs is given up
// after 10 s. It throws nothing: if this machine lacks or refuses something, that is the reason of its fact. Names of
// kernel objects are claimed from `run` first, and all objects are removed before it returns.
std::vector<Fact> find_facts(RunDir& run);

}  // namespace ipcbench

#pragma once

#include <vector>

#include "harness/run_dir/run_dir.h"
#include "transports/facts/fact.h"

namespace ipcbench {

// Makes every experiment, in the order of the claims. Takes some milliseconds; what hangs is given up after 10 s. What
// this machine lacks, or refuses, is the reason of its fact: nothing is thrown. Names of kernel objects are claimed
// from `run` first, and all is removed before it returns.
std::vector<Fact> find_facts(RunDir& run);

}  // namespace ipcbench

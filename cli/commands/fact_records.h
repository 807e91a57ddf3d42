#pragma once

#include <vector>

#include "harness/run_dir/run_dir.h"
#include "results/model/record.h"

namespace ipcbench {

// Makes the experiments of find_facts() and puts each fact into the record of its transport: RunOptions::add_facts.
void add_facts(RunDir& run, std::vector<TransportRecord>& transports);

}  // namespace ipcbench

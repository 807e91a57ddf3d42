#pragma once

#include <vector>

#include "plots/table/table.h"
#include "results/model/record.h"

namespace ipcbench {

// Returns the tables of scenarios with a cast: one for each scenario and placement, with a part for each number of
// seats and size.
std::vector<Table> cast_tables(const Result& result);

}  // namespace ipcbench

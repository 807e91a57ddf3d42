#pragma once

#include <vector>

#include "plots/table/table.h"
#include "results/model/record.h"

namespace ipcbench {

// Returns a table per placement of the curves that a summarised result holds: what each channel does at each rate. A
// part is a channel, a row a rate. Channels measured at a single rate are left to load_tables().
std::vector<Table> load_curve_tables(const Result& result);

}  // namespace ipcbench

#pragma once

#include <vector>

#include "plots/table/table.h"
#include "results/model/record.h"

namespace ipcbench {

// Returns a table per placement and scenario of the open loops of a summarised result. Cases of one load are ranked
// among themselves: by their response, by their service where a timer drives the sender, or by their saturation.
std::vector<Table> load_tables(const Result& result);

}  // namespace ipcbench

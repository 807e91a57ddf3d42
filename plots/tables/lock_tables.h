#pragma once

#include <vector>

#include "plots/table/table.h"
#include "results/model/record.h"

namespace ipcbench {

// Returns a table for each placement at which processes took a lock in turn; none for other results. Rows that hold and
// think as long, with as many processes, stand together. The result must be summarised.
std::vector<Table> lock_tables(const Result& result);

}  // namespace ipcbench

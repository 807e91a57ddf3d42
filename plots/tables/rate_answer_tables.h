#pragma once

#include <vector>

#include "plots/table/table.h"
#include "results/model/record.h"

namespace ipcbench {

// Returns a table per placement of the highest rates that keep the promise of a summarised result; none if it has no
// promise.
std::vector<Table> rate_answer_tables(const Result& result);

}  // namespace ipcbench

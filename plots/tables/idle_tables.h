#pragma once

#include <vector>

#include "plots/table/table.h"
#include "results/model/record.h"

namespace ipcbench {

// Returns a table per placement of the round trips after silence in a summarised result: a row for each channel, two
// columns for each silence. Then comes what its idle CPUs do. None if nothing was measured after silence.
std::vector<Table> idle_tables(const Result& result);

}  // namespace ipcbench

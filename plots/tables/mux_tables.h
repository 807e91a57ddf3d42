#pragma once

#include <string>
#include <vector>

#include "plots/table/table.h"
#include "results/model/record.h"

namespace ipcbench {

// Returns a table for each placement at which several ways to wait for many channels were measured: from how many
// channels on which one carries more. `result` must be summarised.
std::vector<Table> mux_tables(const Result& result);

// Returns the transport of a case of many channels with its own options.
std::string mux_row_label(const CaseRecord& c);

}  // namespace ipcbench

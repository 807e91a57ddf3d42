#pragma once

#include "plots/table/table.h"
#include "plots/tables/table_form.h"
#include "results/rows/reference.h"

namespace ipcbench {

// Returns a table of measurements with every figure as a multiple of the reference's. There is at least one case.
Table multiples_table(Form form, const Cases& cases, const Reference& reference);

}  // namespace ipcbench

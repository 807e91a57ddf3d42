#pragma once

#include "plots/table/table.h"

namespace ipcbench {

// The tables of plots/tables/result_tables.h with the titles of tables, parts and columns, and the notes that stand
// below every run's, in Chinese; names, reasons and what else comes from the result stay as they are.
Table in_chinese(Table table);

}  // namespace ipcbench

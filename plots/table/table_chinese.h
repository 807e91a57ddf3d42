#pragma once

#include "plots/table/table.h"

namespace ipcbench {

// Translates a table of plots/tables/result_tables.h: titles of table, parts and columns, and the notes that every run
// shares. Names, reasons and all other text from the result stay as they are.
Table in_chinese(Table table);

}  // namespace ipcbench

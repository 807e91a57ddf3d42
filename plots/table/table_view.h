#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plots/table/table.h"

// What people see of a table, in whatever form. Nothing of it is escaped.

namespace ipcbench {

// The cell's text with its unit and interval; kNothing where there is nothing to show.
std::string shown(const Column& column, const Cell& cell);

// Indices of the columns that people see: those for all that have a value in any row.
std::vector<std::size_t> visible_columns(const Table& table);

}  // namespace ipcbench

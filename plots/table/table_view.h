#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plots/table/table.h"

// Selects what people see of a table, in any form. Nothing is escaped.

namespace ipcbench {

// Returns the cell's text with unit and interval; kNothing if it is empty.
std::string shown(const Column& column, const Cell& cell);

// Returns the indices of the columns for people that have a value in any row.
std::vector<std::size_t> visible_columns(const Table& table);

}  // namespace ipcbench

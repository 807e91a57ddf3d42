#pragma once

#include <string>
#include <vector>

#include "plots/table/table.h"

namespace ipcbench {

// Makes a table of text. Every row must be as wide as `columns`.
Table listing(const std::string& title, const std::vector<std::string>& columns,
              const std::vector<std::vector<std::string>>& rows);

// Formats the tables that have rows, for people.
std::string format_tables(const std::vector<Table>& tables, bool color);

}  // namespace ipcbench

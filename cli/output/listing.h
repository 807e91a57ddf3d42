#pragma once

#include <string>
#include <vector>

#include "plots/table/table.h"

namespace ipcbench {

// A table of text alone. Every row is as wide as `columns`.
Table listing(const std::string& title, const std::vector<std::string>& columns,
              const std::vector<std::vector<std::string>>& rows);

// Those that have rows, for people.
std::string text_of(const std::vector<Table>& tables, bool colour);

}  // namespace ipcbench

#pragma once

#include <string>
#include <string_view>

namespace ipcbench {

// Returns a number as every data format has it, the shortest that reads back the same; `otherwise` for what isn't
// finite, which each format says in its own way. For people there is plots/table/units.h.
std::string number_or(double value, std::string_view otherwise);

}  // namespace ipcbench

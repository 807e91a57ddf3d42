#pragma once

#include <string>
#include <string_view>

namespace ipcbench {

// Returns a number as data formats have it: the shortest that reads back the same. Returns `otherwise` for what isn't
// finite, which each format says in its own way. A zero has no sign: JSON readers take "-0" for the integer 0. What
// people read is written by plots/table/units.h.
std::string number_or(double value, std::string_view otherwise);
// Returns a limit as people write it: "50 µs", "1.5 ms", "20 ms".
std::string time_text(double ns);
inline std::string number_or_nan(double value) { return number_or(value, "NaN"); }

}  // namespace ipcbench

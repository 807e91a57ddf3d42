#pragma once

#include <string>
#include <string_view>

#include "results/figures/unit.h"
#include "results/model/record.h"

// Formats numbers for people: three significant digits and a unit. Data formats never use it.

namespace ipcbench {

std::string_view name_of(Unit unit) noexcept;  // "" if it has no name

inline constexpr std::string_view kNothing = "—";

// Returns, for example, "12.4 µs"; kNothing for values that aren't finite. `unit` must not be text.
std::string human(Unit unit, double value);
// Returns "12.4 µs [12.1, 12.9]"; all three numbers have the scale of the first.
std::string human(Unit unit, double value, const Interval& interval);

}  // namespace ipcbench

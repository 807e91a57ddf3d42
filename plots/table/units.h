#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "results/figures/unit.h"
#include "results/model/record.h"

// Formats numbers for people: three significant digits and a unit. Data formats never use it.

namespace ipcbench {

std::string_view to_string(Unit unit) noexcept;  // "" if it has no name

inline constexpr std::string_view kNothing = "—";

// "12.4 µs", or "12.4 µs [12.1, 12.9]" with all three at the scale of the first; kNothing for what isn't finite. Not
// for text.
std::string human(Unit unit, double value, const std::optional<Interval>& interval = std::nullopt);

}  // namespace ipcbench

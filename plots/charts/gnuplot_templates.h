#pragma once

#include <string_view>

namespace ipcbench {

// Returns the text of plots/charts/gnuplot/NAME.gp, compiled in; "" if there is none.
std::string_view gnuplot_template(std::string_view name) noexcept;

}  // namespace ipcbench

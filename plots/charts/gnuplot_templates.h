#pragma once

#include <string_view>

namespace ipcbench {

// The text of plots/charts/gnuplot/NAME.gp, compiled in; "" where there is none.
std::string_view gnuplot_template(std::string_view name) noexcept;

}  // namespace ipcbench

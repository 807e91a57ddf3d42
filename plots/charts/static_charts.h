#pragma once

#include <string>
#include <vector>

#include "results/claims/sources_table.h"

namespace ipcbench {

// Replaces the chart with this id (PageChart) for readers without scripts. The page shows it as a separate image, so
// that nothing in it becomes part of the page.
struct StaticChart {
  std::string chart;
  std::string svg;
};

// Draws the page's charts that gnuplot can draw, for the result's first placement, in a temporary folder. Returns none
// without gnuplot. Throws std::system_error if it fails.
std::vector<StaticChart> static_charts(const ComparedResult& compared);

}  // namespace ipcbench

#pragma once

#include <string>
#include <vector>

#include "results/model/record.h"

namespace ipcbench {

// A drawing for readers without scripts, in the place of the chart of that id (PageChart). It is shown as an image of
// its own, so that nothing in it is part of the page.
struct StaticChart {
  std::string chart;
  std::string svg;
};

// Those of the page's charts that gnuplot can draw of the result's first placement, by way of a temporary folder. None
// where there is no gnuplot. Throws std::system_error where it fails.
std::vector<StaticChart> static_charts(const Result& result);

}  // namespace ipcbench

#pragma once

#include <vector>

#include "plots/charts/chart_data.h"
#include "results/model/record.h"

namespace ipcbench {

// Returns a chart per placement of what a round trip takes against the silence before it: a series for each channel,
// medians with intervals, and the longest of all. None if nothing was measured after silence.
std::vector<ChartData> idle_charts(const Result& result);

}  // namespace ipcbench

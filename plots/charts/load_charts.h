#pragma once

#include <vector>

#include "plots/charts/chart_data.h"
#include "results/model/record.h"

namespace ipcbench {

// Returns the charts of a placement's curves against the rate of messages: latency, CPU time a message, and response
// beside service. None if nothing was measured at several rates.
std::vector<ChartData> load_charts(const Result& result);

}  // namespace ipcbench

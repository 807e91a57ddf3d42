#pragma once

#include <vector>

#include "plots/charts/chart_data.h"
#include "results/model/record.h"

namespace ipcbench {

// Returns the charts of casts: rate, worst seat, a lock's hand-over and fairness against the number of seats, and a
// server's rate against its service time. None of what was measured with one number alone.
std::vector<ChartData> cast_charts(const Result& result);

}  // namespace ipcbench

#pragma once

#include <string>

#include "results/model/record.h"

namespace ipcbench {

// Returns the percentile text of HdrHistogram's outputPercentileDistribution(), which its plotter reads. Values are ns;
// five lines halve the distance to 100 %. It pools the histograms of all used launches and says so. A case without a
// histogram yields header and footer only.
std::string to_hgrm(const CaseRecord& c);

}  // namespace ipcbench

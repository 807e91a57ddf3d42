#pragma once

#include <string>

#include "results/model/record.h"

namespace ipcbench {

// The percentile text that HdrHistogram's outputPercentileDistribution() writes and its plotter reads, in ns, five
// lines per halving of the distance to 100 %, with the histogram of all used launches pooled and labelled so.
// A case without a histogram gives the header and footer alone.
std::string to_hgrm(const CaseRecord& c);

}  // namespace ipcbench

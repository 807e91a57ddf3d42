#pragma once

#include <string>

#include "results/model/record.h"

namespace ipcbench {

// Returns one histogram in HdrHistogram's compressed encoding (version 2: zlib over ZigZag LEB128 counts), in base64 as
// its logs have it. Values are ns, two significant digits: the buckets of harness/measure/histogram.h are that
// histogram's.
std::string to_hdr_base64(const SparseHistogram& histogram);

// Returns a histogram log of version 1.3, which HistogramLogProcessor and HdrHistogram's other tools read: an interval
// for each used launch of the case that has a histogram. An interval begins when its launch did, in seconds since the
// log's start, and is as long as its stamped block; its maximum is in ms, as those tools expect of values in ns.
std::string to_hdr_log(const CaseRecord& c);

}  // namespace ipcbench

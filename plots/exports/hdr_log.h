#pragma once

#include <string>

#include "results/model/record.h"

namespace ipcbench {

// Returns one histogram in HdrHistogram's compressed encoding, in base64 as in its logs. The encoding is version 2:
// zlib over ZigZag LEB128 counts. Values are ns with two significant digits, whose buckets are those of
// harness/measure/histogram.h.
std::string to_hdr_base64(const SparseHistogram& histogram);

// Returns a histogram log of version 1.3, for HistogramLogProcessor and HdrHistogram's other tools. It has an interval
// for each used launch with a histogram. The interval starts at the launch's start, in seconds since the log's start,
// and is as long as the stamped block. Its maximum is in ms, as those tools expect for values in ns.
std::string to_hdr_log(const CaseRecord& c);

}  // namespace ipcbench

#pragma once

#include <string>

#include "results/model/record.h"

namespace ipcbench {

// The result as Google Benchmark's JSON, for its compare.py: a benchmark for each case that is ok, with the names that
// `ipcbench gbench` gives, a repetition for each launch that counts, and the aggregates of them. Time is that of an op
// in ns, per second are ops and bytes; cpu_time is the CPU time per op of all participants (the program's own gbench
// writes the coordinator's). Cases of `setup` have the time to connect. The result is summarised.
std::string to_google_benchmark_json(const Result& result);

}  // namespace ipcbench

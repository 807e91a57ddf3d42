#pragma once

#include <string>

#include "results/model/record.h"

namespace ipcbench {

// Returns the result as Google Benchmark's JSON, for its compare.py. Each ok case is a benchmark named as by `ipcbench
// gbench`; each used launch is a repetition. Time is ns per op; ops and bytes are per second. cpu_time is the CPU time
// per op of all participants, while the program's own gbench writes the coordinator's. Cases of `setup` have the time
// to connect. `result` must be summarised.
std::string to_google_benchmark_json(const Result& result);

}  // namespace ipcbench

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/google_benchmark/google_benchmark_names.h"
#include "harness/plan/plan.h"

namespace ipcbench {

struct GoogleBenchmarkRun {
  Plan plan;
  PayloadMode payload = PayloadMode::lines;
  std::uint64_t seed = 0;
  std::string filter;  // of --benchmark_filter, "" for all
  bool list_only = false;
  IterationsOfCases iterations;    // replace a pilot's
  std::vector<std::string> flags;  // --benchmark_NAME=VALUE, already checked
};

// Measures the plan's cases under the control of Google Benchmark, which prints to stdout. One launch is one benchmark
// run; its iterations are the ops of a block. Returns the exit code. Throws UsageError for a filter that is no regular
// expression, and std::system_error if this host can't fork or map memory, or if stdout can't be written.
int run_google_benchmark(GoogleBenchmarkRun run, const Topology& topology);

}  // namespace ipcbench

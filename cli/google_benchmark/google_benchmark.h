#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/plan.h"

namespace ipcbench {

// Iterations by case id, from an earlier result.
using IterationsOfCases = std::map<std::string, std::uint64_t, std::less<>>;

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

// Returns whether `filter` may select this case for some number of iterations, which is part of a benchmark's name.
// Throws UsageError if it is no regular expression.
bool may_be_selected(std::string_view filter, const std::string& case_id);

// Reads the iterations from a JSON file of Google Benchmark, by case id; names that are no cases are skipped. Throws
// UsageError for a file that can't be read or has another format.
IterationsOfCases iterations_in(const std::string& file);
// Reads them from the text of such a file.
IterationsOfCases iterations_from_text(std::string_view text, const std::string& file);

}  // namespace ipcbench

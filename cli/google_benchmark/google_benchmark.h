#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/plan.h"

namespace ipcbench {

// Iterations by case id: those of an earlier result.
using IterationsOfCases = std::map<std::string, std::uint64_t, std::less<>>;

struct GoogleBenchmarkRun {
  Plan plan;
  PayloadMode payload = PayloadMode::lines;
  std::uint64_t seed = 0;
  std::string filter;  // of --benchmark_filter, "" for all
  bool list_only = false;
  IterationsOfCases iterations;    // instead of a pilot's
  std::vector<std::string> flags;  // --benchmark_NAME=VALUE, valid ones
};

// Measures the plan's cases under the control of Google Benchmark, which prints to stdout. One launch is one benchmark
// run of as many iterations as a block has ops. Returns the exit code. Throws UsageError for a filter that is no
// expression, std::system_error where this host can't fork or map memory or stdout can't be written.
int run_google_benchmark(GoogleBenchmarkRun run, const Topology& topology);

// Whether `filter` may select this case, whatever its iterations turn out to be: they are part of a benchmark's name.
// Throws UsageError for what is no expression.
bool may_be_selected(std::string_view filter, const std::string& case_id);

// The iterations in a JSON file of Google Benchmark, by case id; what isn't a case of ours is passed over. Throws
// UsageError for a file that can't be read or is something else.
IterationsOfCases iterations_in(const std::string& file);
// The same of such a file's text.
IterationsOfCases iterations_from_text(std::string_view text, const std::string& file);

}  // namespace ipcbench

#include "cli/google_benchmark/google_benchmark_names.h"

#include <regex>
#include <system_error>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "harness/files/input_file.h"
#include "harness/measure/run_log.h"
#include "harness/suite/id_filter.h"
#include "results/model/json_tree.h"
#include "results/model/result_error.h"

namespace ipcbench {
namespace {

constexpr std::string_view kIterationsPart = "/iterations:";
constexpr std::uint64_t kMostIterations = 1'000'000'000;

// Compiles the library's kind of expression, which std::regex matches by recursion. IdFilter first refuses too large
// ones.
std::regex filter_regex(std::string_view text) {
  const IdFilter bounded(text, "--benchmark_filter");
  try {
    return std::regex(std::string(text), std::regex::extended | std::regex::nosubs);
  } catch (const std::regex_error& error) {
    throw UsageError(fmt::format("--benchmark_filter: '{}' is no POSIX extended expression: {}", text, error.what()));
  }
}

void add_iterations(const json::Json& entry, IterationsOfCases& iterations) {
  // An aggregate's `name` ends in its kind; `run_name` is the same for all repetitions.
  const std::string name = entry.value("run_name", entry.value("name", ""));
  const std::size_t at = name.find(kIterationsPart);
  if (at == std::string::npos || entry.value("error_occurred", false)) return;
  std::uint64_t count = 0;
  for (std::size_t i = at + kIterationsPart.size(); i < name.size() && name[i] >= '0' && name[i] <= '9'; ++i) {
    count = count * 10 + static_cast<std::uint64_t>(name[i] - '0');
    if (count > kMostIterations) return;
  }
  // A block needs an op for every slice.
  if (count >= kSlices) iterations[name.substr(0, at)] = count;
}

}  // namespace

bool may_be_selected(std::string_view filter, const std::string& case_id) {
  if (filter.empty() || filter == "all") return true;
  const bool negative = filter.front() == '-';
  const std::regex regex = filter_regex(negative ? filter.substr(1) : filter);
  for (std::uint64_t power = 1; power <= kMostIterations; power *= 10) {
    for (const std::uint64_t digit : {1u, 2u, 5u}) {
      const std::string name = fmt::format("{}{}{}/manual_time", case_id, kIterationsPart, digit * power);
      if (std::regex_search(name, regex) != negative) return true;
    }
  }
  return false;
}

IterationsOfCases iterations_in(const std::string& file) {
  try {
    return iterations_from_text(read_input(file), file);
  } catch (const std::system_error& error) {
    throw UsageError(fmt::format("--iterations-from: {}", error.what()));
  }
}

IterationsOfCases iterations_from_text(std::string_view text, const std::string& file) {
  try {
    IterationsOfCases iterations;
    const json::Json document = json::parse(text, file);
    for (const json::Json& entry : document.at("benchmarks")) add_iterations(entry, iterations);
    return iterations;
  } catch (const json::Json::exception&) {
    throw UsageError(fmt::format("--iterations-from {}: not a JSON file of Google Benchmark (--benchmark_out)", file));
  } catch (const ResultError& error) {
    throw UsageError(
        fmt::format("--iterations-from {}: not a JSON file of Google Benchmark (--benchmark_out)", error.what()));
  }
}

}  // namespace ipcbench

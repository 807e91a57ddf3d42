#include <fstream>
#include <regex>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "cli/google_benchmark.h"
#include "harness/os/usage_error.h"

// What Google Benchmark's names hold besides the case id: "ID/iterations:5000/manual_time". Not built with it, so that
// its absence removes no test.

namespace ipcbench {
namespace {

constexpr std::string_view kIterationsPart = "/iterations:";
constexpr std::uint64_t kMostIterations = 1'000'000'000;

std::regex filter_regex(std::string_view text) {
  try {
    return std::regex(std::string(text), std::regex::extended | std::regex::nosubs);
  } catch (const std::regex_error& error) {
    throw UsageError(fmt::format("--benchmark_filter: '{}' is no POSIX extended expression: {}", text, error.what()));
  }
}

void add_iterations(const nlohmann::json& entry, IterationsOfCases& iterations) {
  // An aggregate's `name` ends in its kind; `run_name` is the same for all repetitions.
  const std::string name = entry.value("run_name", entry.value("name", ""));
  const std::size_t at = name.find(kIterationsPart);
  if (at == std::string::npos || entry.value("error_occurred", false)) return;
  std::uint64_t count = 0;
  for (std::size_t i = at + kIterationsPart.size(); i < name.size() && name[i] >= '0' && name[i] <= '9'; ++i) {
    count = count * 10 + static_cast<std::uint64_t>(name[i] - '0');
    if (count > kMostIterations) return;
  }
  // Every slice of a block has an op.
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
  std::ifstream stream(file);
  if (!stream) throw UsageError(fmt::format("--iterations-from {}: can't be read", file));
  try {
    IterationsOfCases iterations;
    const nlohmann::json document = nlohmann::json::parse(stream);
    for (const nlohmann::json& entry : document.at("benchmarks")) add_iterations(entry, iterations);
    return iterations;
  } catch (const nlohmann::json::exception&) {
    throw UsageError(fmt::format("--iterations-from {}: not a JSON file of Google Benchmark (--benchmark_out)", file));
  }
}

}  // namespace ipcbench

#include "plots/exports/google_benchmark_entries.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <string>

#include "results/figures/statistics.h"
#include "results/figures/summary.h"

namespace ipcbench {
namespace {

using Json = nlohmann::ordered_json;
using Values = std::span<const double>;

constexpr const char* kNoCpuTime = "CPU time not measured";

double mean_of(Values values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double sample_deviation(Values values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double variation(Values values) {
  const double mean = mean_of(values);
  return mean == 0 ? 0 : sample_deviation(values) / mean;
}

struct Aggregate {
  const char* name;
  const char* unit;
  double (*of)(Values);
};

constexpr std::array kAggregates = {
    Aggregate{"mean", "time", mean_of},
    Aggregate{"median", "time", median},
    Aggregate{"stddev", "time", sample_deviation},
    Aggregate{"cv", "percentage", variation},
};

Json start_of(const GoogleBenchmark& benchmark, std::size_t family, const std::string& suffix, const char* run_type) {
  return {{"name", benchmark.name + suffix}, {"family_index", family}, {"per_family_instance_index", 0},
          {"run_name", benchmark.name},      {"run_type", run_type},   {"repetitions", benchmark.repetitions.size()}};
}

void add_times(Json& entry, double real_ns, const std::optional<double>& cpu_ns) {
  entry["real_time"] = real_ns;
  entry["cpu_time"] = cpu_ns.value_or(0);
  entry["time_unit"] = "ns";
}

void add_label(Json& entry, const GoogleBenchmark& benchmark, bool has_cpu_time) {
  std::string label = has_cpu_time ? "" : kNoCpuTime;
  if (!benchmark.label.empty()) label += (label.empty() ? "" : "; ") + benchmark.label;
  if (!label.empty()) entry["label"] = label;
}

// Returns a counter's values over all repetitions; empty if one of them lacks it.
std::vector<double> values_of(const GoogleBenchmark& benchmark, const std::string& counter) {
  std::vector<double> values;
  for (const GoogleRepetition& repetition : benchmark.repetitions) {
    const auto found = std::ranges::find(repetition.counters, counter, &std::pair<std::string, double>::first);
    if (found == repetition.counters.end()) return {};
    values.push_back(found->second);
  }
  return values;
}

}  // namespace

void append_benchmark(Json& benchmarks, std::size_t family, const GoogleBenchmark& benchmark) {
  const std::vector<GoogleRepetition>& repetitions = benchmark.repetitions;
  std::vector<double> real_ns;
  std::vector<double> cpu_ns;
  for (std::size_t n = 0; n < repetitions.size(); ++n) {
    const GoogleRepetition& repetition = repetitions[n];
    real_ns.push_back(repetition.real_ns);
    if (repetition.cpu_ns) cpu_ns.push_back(*repetition.cpu_ns);
    Json entry = start_of(benchmark, family, "", "iteration");
    entry["repetition_index"] = n;
    entry["threads"] = 1;
    entry["iterations"] = benchmark.iterations;
    add_times(entry, repetition.real_ns, repetition.cpu_ns);
    for (const auto& [counter, value] : repetition.counters) entry[counter] = value;
    add_label(entry, benchmark, repetition.cpu_ns.has_value());
    benchmarks.push_back(std::move(entry));
  }
  if (repetitions.size() < 2) return;
  const bool has_cpu_time = cpu_ns.size() == repetitions.size();
  for (const Aggregate& aggregate : kAggregates) {
    Json entry = start_of(benchmark, family, std::string("_") + aggregate.name, "aggregate");
    entry["threads"] = 1;
    entry["aggregate_name"] = aggregate.name;
    entry["aggregate_unit"] = aggregate.unit;
    entry["iterations"] = repetitions.size();  // number of aggregated values
    add_times(entry, aggregate.of(real_ns), has_cpu_time ? std::optional(aggregate.of(cpu_ns)) : std::nullopt);
    for (const auto& [counter, value] : repetitions.front().counters) {
      if (const std::vector<double> values = values_of(benchmark, counter); !values.empty()) {
        entry[counter] = aggregate.of(values);
      }
    }
    add_label(entry, benchmark, has_cpu_time);
    benchmarks.push_back(std::move(entry));
  }
}

}  // namespace ipcbench

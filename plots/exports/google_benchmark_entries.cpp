#include "plots/exports/google_benchmark_entries.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <string_view>

#include "results/figures/statistics.h"
#include "results/figures/summary.h"

namespace ipcbench {
namespace {

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

void write_begin(JsonWriter& json, const GoogleBenchmark& benchmark, std::size_t family, const std::string& suffix,
                 std::string_view run_type) {
  json.member("name", benchmark.name + suffix);
  json.member("family_index", family);
  json.member("per_family_instance_index", 0);
  json.member("run_name", benchmark.name);
  json.member("run_type", run_type);
  json.member("repetitions", benchmark.repetitions.size());
}

void write_times(JsonWriter& json, double real_ns, const std::optional<double>& cpu_ns) {
  json.key("real_time").real(real_ns);
  json.key("cpu_time").real(cpu_ns.value_or(0));
  json.member("time_unit", "ns");
}

void write_label(JsonWriter& json, const GoogleBenchmark& benchmark, bool has_cpu_time) {
  std::string label = has_cpu_time ? "" : kNoCpuTime;
  if (!benchmark.label.empty()) label += (label.empty() ? "" : "; ") + benchmark.label;
  if (!label.empty()) json.member("label", label);
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

void write_repetition(JsonWriter& json, std::size_t family, const GoogleBenchmark& benchmark, std::size_t index) {
  const GoogleRepetition& repetition = benchmark.repetitions[index];
  json.object([&] {
    write_begin(json, benchmark, family, "", "iteration");
    json.member("repetition_index", index);
    json.member("threads", 1);
    json.member("iterations", benchmark.iterations);
    write_times(json, repetition.real_ns, repetition.cpu_ns);
    for (const auto& [counter, value] : repetition.counters) json.key(counter).real(value);
    write_label(json, benchmark, repetition.cpu_ns.has_value());
  });
}

}  // namespace

void write_benchmark(JsonWriter& json, std::size_t family, const GoogleBenchmark& benchmark) {
  const std::vector<GoogleRepetition>& repetitions = benchmark.repetitions;
  std::vector<double> real_ns;
  std::vector<double> cpu_ns;
  for (std::size_t n = 0; n < repetitions.size(); ++n) {
    real_ns.push_back(repetitions[n].real_ns);
    if (repetitions[n].cpu_ns) cpu_ns.push_back(*repetitions[n].cpu_ns);
    write_repetition(json, family, benchmark, n);
  }
  if (repetitions.size() < 2) return;
  const bool has_cpu_time = cpu_ns.size() == repetitions.size();
  for (const Aggregate& aggregate : kAggregates) {
    json.object([&] {
      write_begin(json, benchmark, family, std::string("_") + aggregate.name, "aggregate");
      json.member("threads", 1);
      json.member("aggregate_name", aggregate.name);
      json.member("aggregate_unit", aggregate.unit);
      json.member("iterations", repetitions.size());  // what it was made of
      write_times(json, aggregate.of(real_ns), has_cpu_time ? std::optional(aggregate.of(cpu_ns)) : std::nullopt);
      for (const auto& [counter, value] : repetitions.front().counters) {
        const std::vector<double> values = values_of(benchmark, counter);
        if (!values.empty()) json.key(counter).real(aggregate.of(values));
      }
      write_label(json, benchmark, has_cpu_time);
    });
  }
}

}  // namespace ipcbench

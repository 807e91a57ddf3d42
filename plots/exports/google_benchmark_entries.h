#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "results/model/json_writer.h"

// Makes entries of Google Benchmark's JSON, version 1.7: repetitions and their aggregates.

namespace ipcbench {

struct GoogleRepetition {
  double real_ns = 0;            // time of an op
  std::optional<double> cpu_ns;  // none: not measured
  std::vector<std::pair<std::string, double>> counters;
};

// The repetitions of one benchmark; each has the same number of iterations.
struct GoogleBenchmark {
  std::string name;
  std::string label;  // what a reader must know; "": nothing
  std::uint64_t iterations = 1;
  std::vector<GoogleRepetition> repetitions;
};

// As that program breaks its lines.
inline constexpr JsonLayout kGoogleLayout{.open_levels = kTreeJson.open_levels, .indent = 1};

// Writes an element of the list "benchmarks" for each repetition and, where there are two or more, one each for mean,
// median, standard deviation and coefficient of variation. The key cpu_time is there in any case, since compare.py
// passes over entries without it: it is 0 where a repetition has no CPU time, and the entries' label says so beside
// what the benchmark's own label says.
void write_benchmark(JsonWriter& json, std::size_t family, const GoogleBenchmark& benchmark);

}  // namespace ipcbench

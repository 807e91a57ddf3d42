#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

// Makes entries of Google Benchmark's JSON, version 1.7: repetitions and their aggregates.

namespace ipcbench {

struct GoogleRepetition {
  double real_ns = 0;            // time of an op
  std::optional<double> cpu_ns;  // none: not measured
  std::vector<std::pair<std::string, double>> counters;
};

// The repetitions of one benchmark; each has the same number of iterations.
struct GoogleBenchmark {
  std::string name;   // UTF-8
  std::string label;  // UTF-8: what a reader must know; "": nothing
  std::uint64_t iterations = 1;
  std::vector<GoogleRepetition> repetitions;
};

// Appends an entry for each repetition. From two on it adds mean, median, standard deviation and coefficient of
// variation. The key cpu_time is always written, since compare.py skips entries without it. It is 0 if a repetition has
// no CPU time, which the label then states.
void append_benchmark(nlohmann::ordered_json& benchmarks, std::size_t family, const GoogleBenchmark& benchmark);

}  // namespace ipcbench

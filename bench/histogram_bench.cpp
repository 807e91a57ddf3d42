#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include "harness/measure/histogram.h"

namespace ipcbench {
namespace {

// Returns values distributed like round trips: most are close together, with a long tail.
std::vector<std::uint64_t> round_trips() {
  std::mt19937_64 random(1);
  std::lognormal_distribution<double> distribution(std::log(5'000.0), 0.3);
  std::vector<std::uint64_t> values(4096);
  for (std::uint64_t& value : values) value = static_cast<std::uint64_t>(distribution(random));
  return values;
}

void BM_HistogramRecord(benchmark::State& state) {
  const std::vector<std::uint64_t> values = round_trips();
  const auto histogram = std::make_unique<Histogram>();
  std::size_t next = 0;
  for ([[maybe_unused]] auto _ : state) {
    histogram->record(values[next]);
    next = (next + 1) % values.size();
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_HistogramRecord);

void BM_HistogramQuantile(benchmark::State& state) {
  const auto histogram = std::make_unique<Histogram>();
  for (const std::uint64_t value : round_trips()) histogram->record(value);
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(histogram->quantile(0.99));
}
BENCHMARK(BM_HistogramQuantile);

}  // namespace
}  // namespace ipcbench

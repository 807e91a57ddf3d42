#include <cstdint>

#include <benchmark/benchmark.h>

#include "harness/measure/clock_choice.h"
#include "harness/process/affinity.h"

namespace ipcbench {
namespace {

const Clock& chosen_clock() {
  static const Clock clock = choose_clock(allowed_cpus()).clock;
  return clock;
}

void read_pair(benchmark::State& state, const Clock& clock) {
  for ([[maybe_unused]] auto _ : state) {
    const std::uint64_t begin = clock.begin();
    benchmark::DoNotOptimize(clock.end() - begin);
  }
}

void BM_ClockReadChosen(benchmark::State& state) {
  const Clock clock = chosen_clock();
  state.SetLabel(clock.kind == ClockKind::tsc ? "tsc" : "monotonic_raw");
  read_pair(state, clock);
}
BENCHMARK(BM_ClockReadChosen);

void BM_ClockReadMonotonicRaw(benchmark::State& state) { read_pair(state, Clock{}); }
BENCHMARK(BM_ClockReadMonotonicRaw);

void BM_ClockToNs(benchmark::State& state) {
  const Clock clock = chosen_clock();
  std::uint64_t ticks = 123'456;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(ticks);
    benchmark::DoNotOptimize(clock.to_ns(ticks));
  }
}
BENCHMARK(BM_ClockToNs);

}  // namespace
}  // namespace ipcbench

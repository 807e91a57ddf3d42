#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "harness/measure/payload.h"

namespace ipcbench {
namespace {

std::vector<std::byte> message_of(const benchmark::State& state) {
  return std::vector<std::byte>(static_cast<std::size_t>(state.range(0)));
}

void count_bytes(benchmark::State& state) { state.SetBytesProcessed(state.iterations() * state.range(0)); }

void write(benchmark::State& state, PayloadMode mode) {
  const Payload payload(mode, 1, Role::producer);
  std::vector<std::byte> message = message_of(state);
  std::uint64_t sequence = 0;
  for ([[maybe_unused]] auto _ : state) {
    payload.write(message, sequence++);
    benchmark::ClobberMemory();
  }
  count_bytes(state);
}

void check(benchmark::State& state, PayloadMode mode) {
  const Payload payload(mode, 1, Role::producer);
  std::vector<std::byte> message = message_of(state);
  payload.write(message, 0);
  for ([[maybe_unused]] auto _ : state) {
    benchmark::ClobberMemory();
    if (!payload.check(message, 0)) return state.SkipWithError("the check fails");
  }
  count_bytes(state);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  for (const std::int64_t size : {1, 64, 4096, 65536}) benchmark->Arg(size);
}

BENCHMARK_CAPTURE(write, lines, PayloadMode::lines)->Name("BM_PayloadWrite/lines")->Apply(sizes);
BENCHMARK_CAPTURE(write, full, PayloadMode::full)->Name("BM_PayloadWrite/full")->Apply(sizes);
BENCHMARK_CAPTURE(check, lines, PayloadMode::lines)->Name("BM_PayloadCheck/lines")->Apply(sizes);
BENCHMARK_CAPTURE(check, full, PayloadMode::full)->Name("BM_PayloadCheck/full")->Apply(sizes);

}  // namespace
}  // namespace ipcbench

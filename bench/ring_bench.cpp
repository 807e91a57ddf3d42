#include <vector>

#include <benchmark/benchmark.h>

#include "harness/memory/mapping.h"
#include "transports/parts/ring.h"

// Measures the ring's instructions and copies: one thread pushes and pops, so that no cache line moves to another CPU.

namespace ipcbench {
namespace {

template <WaitPolicy W>
void ring_push_pop(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  // The ring must hold the whole message, since nobody reads while it is pushed.
  const RingShape shape = RingShape::copying(size, std::max(kRingCapacity, 8 * size));
  const Mapping memory = Mapping::shared_anonymous(shape.channel_bytes());
  const RingPlace ring = shape.place({memory.data(), memory.size()}, Role::producer);
  RingWriter<W> writer(ring, shape, W{});
  RingReader<W> reader(ring, shape, W{});
  std::vector<std::byte> out(size, std::byte{1}), in(size);
  for ([[maybe_unused]] auto _ : state) {
    writer.send(out);
    benchmark::DoNotOptimize(reader.receive(in));
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

BENCHMARK_TEMPLATE(ring_push_pop, SpinWait)->Arg(8)->Arg(64)->Arg(4 << 10)->Arg(64 << 10);
BENCHMARK_TEMPLATE(ring_push_pop, FutexWait)->Arg(8)->Arg(64)->Arg(4 << 10)->Arg(64 << 10);

void ring_loan_release(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const RingShape shape = RingShape::lending(size);
  const Mapping memory = Mapping::shared_anonymous(shape.channel_bytes());
  const RingPlace ring = shape.place({memory.data(), memory.size()}, Role::producer);
  RingWriter<SpinWait> writer(ring, shape, SpinWait{});
  RingReader<SpinWait> reader(ring, shape, SpinWait{});
  for ([[maybe_unused]] auto _ : state) {
    writer.publish(writer.loan(size).bytes);
    reader.release(reader.acquire().bytes);
  }
}

BENCHMARK(ring_loan_release)->Arg(8)->Arg(64 << 10);

}  // namespace
}  // namespace ipcbench

#include <unistd.h>

#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string>

#include <benchmark/benchmark.h>

#include "harness/base/unique_fd.h"
#include "harness/measure/clock_choice.h"
#include "harness/memory/mapping.h"
#include "harness/plugin/plugin_endpoint.h"
#include "harness/plugin/plugin_facts.h"
#include "harness/process/affinity.h"
#include "harness/sdk/registry.h"
#include "scenarios/bind.h"

// Measures what it costs to call a plug-in: the loop of round trips over notifications that go nowhere, by an endpoint
// that is built in and by one behind the C interface. A round trip is two calls.

namespace ipcbench {

// No transport is looked up here.
std::span<const RegisteredTransport> registered_transports() { return {}; }

namespace {

class NullNotifications {
 public:
  IoStatus notify() noexcept {
    benchmark::ClobberMemory();
    return IoStatus::ok;
  }
  Awaited await() noexcept {
    benchmark::ClobberMemory();
    return {IoStatus::ok, 1};
  }
};

// A plug-in's side takes standard output away, which here is the report's.
std::unique_ptr<Endpoint> null_plugin() {
  const UniqueFd out(::dup(STDOUT_FILENO));
  Rendezvous::PairCells cells{};
  std::unique_ptr<Endpoint> endpoint =
      join_plugin(IPCBENCH_NULL_PLUGIN, "null-plugin", {},
                  SeatConfig{.seat = {},
                             .wait = WaitStrategy::spin,
                             .options = {{std::string(kThreadsOption), std::string(kThreadsStay)}},
                             .rendezvous = Rendezvous(cells)});
  ::dup2(out.get(), STDOUT_FILENO);
  return endpoint;
}

void round_trips(benchmark::State& state, Endpoint& endpoint) {
  const Mapping memory = Mapping::private_anonymous(sizeof(RunLog));
  const LoopSpec spec{.scenario = Scenario::ping_pong,
                      .warmup_ops = 1000,
                      .block_ops = 1'000'000,
                      .clock = choose_clock(allowed_cpus()).clock};
  for ([[maybe_unused]] auto _ : state) {
    auto& log = *new (memory.data()) RunLog;  // trivial: keeps the mapping's zeros
    endpoint.run(Role::producer, spec, log);
    if (log.side(Role::producer).failure != Failure::none) return state.SkipWithError("the loop has failed");
    state.SetIterationTime(static_cast<double>(spec.clock.to_ns(log.block_end - log.block_begin)) * 1e-9 /
                           static_cast<double>(spec.block_ops));
  }
}

void null_built_in(benchmark::State& state) { round_trips(state, *bind_endpoint<NullNotifications>()); }
void null_behind_the_interface(benchmark::State& state) { round_trips(state, *null_plugin()); }

BENCHMARK(null_built_in)->UseManualTime()->Iterations(1);
BENCHMARK(null_behind_the_interface)->UseManualTime()->Iterations(1);

}  // namespace
}  // namespace ipcbench

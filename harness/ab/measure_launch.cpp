#include "harness/ab/measure_launch.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/launch/launch.h"
#include "harness/measure/clock_choice.h"
#include "harness/measure/stamps.h"
#include "harness/plan/place_cast.h"
#include "harness/plan/plan_time.h"
#include "harness/plan/refusal.h"
#include "harness/run/host_records.h"
#include "harness/run_dir/run_dir.h"
#include "harness/sdk/registry.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kLeastWarmUpOps = 100;

// Says why a single launch can't measure an open loop; "" if it can.
std::string load_refusal_of_single(const CaseSpec& spec, std::uint64_t ops) {
  if (!is_scheduled(spec)) return "";
  if (open_loop_of(spec).load_percent != 0)
    return "a share of the saturation is measured by run, which measures that first; a given rate (rate=20k) can be";
  if (ops > kMostStamps) return fmt::format("a block of an open loop has at most {} messages", kMostStamps);
  return "";
}

// Returns where the seats of a cast are if `cpus` are those that are farthest apart.
std::vector<int> seat_cpus_of(const CaseSpec& spec, CpuPair cpus) {
  if (!has_cast(spec)) return {};
  const Topology topology = Topology::of_this_machine();
  PlannedCase planned{.spec = spec, .cpus = {}};
  place_cast(planned, topology, std::nullopt);
  if (planned.cpus != cpus) place_cast(planned, topology, cpus);
  return planned.seat_cpus;
}

}  // namespace

LaunchRecord measure_launch(const SingleLaunch& single) {
  const CaseSpec& spec = single.spec;
  const CpuPair cpus = single.cpus;
  const Transport& transport = *find_transport(spec.transport);
  std::string reason = workers_refusal(single.workers, transport.info());
  if (reason.empty()) reason = load_refusal_of_single(spec, single.ops);
  if (reason.empty()) reason = message_refusal(spec, transport, transport.probe(), memory_limits());
  if (!reason.empty()) {
    return {.case_id = spec.id(),
            .status = Status::skipped,
            .reason = std::move(reason),
            .seed = single.seed,
            .cpus = {cpus.producer, cpus.consumer}};
  }
  std::vector<int> list;
  for (const int cpu : {cpus.producer, cpus.consumer}) {
    if (cpu >= 0) list.push_back(cpu);
  }
  const Clock clock = single.clock ? *single.clock : choose_clock(list).clock;
  std::chrono::nanoseconds hybrid_spin = single.hybrid_spin.value_or(std::chrono::nanoseconds(0));
  if (spec.wait == WaitStrategy::hybrid && !single.hybrid_spin)
    hybrid_spin = hybrid_spin_at({measure_hybrid_spin(spec.placement, cpus, clock)}, spec.placement);
  const std::uint64_t warmup_ops = single.warmup_ops.value_or(std::max<std::uint64_t>(kLeastWarmUpOps, single.ops / 5));
  RunDir run_dir = RunDir::create();
  const LaunchRequest request{.spec = spec,
                              .cpus = cpus,
                              .seat_cpus = seat_cpus_of(spec, cpus),
                              .payload = single.payload,
                              .seed = single.seed,
                              .block_ops = single.ops,
                              .warmup_ops = single.counts_calls ? kCountedWarmUpOps : warmup_ops,
                              .counts_calls = single.counts_calls,
                              .deadline = launch_deadline(spec, single.ops, warmup_ops),
                              .hybrid_spin = hybrid_spin,
                              .clock = clock,
                              .workers = single.workers};
  return launch(request, run_dir).record;
}

}  // namespace ipcbench

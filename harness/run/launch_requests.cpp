#include "harness/run/launch_requests.h"

#include <algorithm>
#include <set>

#include "harness/launch/launch.h"
#include "harness/measure/clock_choice.h"
#include "harness/measure/splitmix64.h"
#include "harness/plan/cast_lengths.h"
#include "harness/plan/plan_time.h"
#include "harness/run/host_records.h"
#include "harness/suite/duration.h"

namespace ipcbench {
namespace {

constexpr std::chrono::milliseconds kPilot{5};
constexpr std::chrono::seconds kPilotDeadline{20};
constexpr std::chrono::seconds kCountedDeadline{20};
constexpr std::chrono::seconds kBlockDeadline{5}, kCastDeadline{60};  // and ten times what is planned
constexpr std::uint64_t kLongestPilot = 40;                           // ops of a large message: one batch
constexpr int kSlowerWhenCounted = 5;                                 // each call stops twice

}  // namespace

LaunchRequest pilot_request(LaunchRequest request) {
  request.pilot = kPilot;
  if (has_cast(request.spec))
    request.pilot = std::max(request.pilot, shortest_cast_pilot(request.spec, request.seat_cpus));
  request.deadline = kPilotDeadline + longest_time(request.spec, kLongestPilot);
  return request;
}

LaunchRequest block_request(LaunchRequest request, const PlannedCase& planned) {
  request.block_ops = planned.block_ops;
  request.rate_per_s = planned.rate_per_s;
  request.warmup_ops = planned.warmup_ops;
  // How long many processes take depends on who runs when, which a pilot sees a part of.
  const std::chrono::seconds at_least = has_cast(planned.spec) ? kCastDeadline : kBlockDeadline;
  request.deadline = at_least + whole_ns(10 * cost_of(planned, {}).launch.ns);
  return request;
}

LaunchRequest counting_request(LaunchRequest request, const PlannedCase& planned) {
  request.counts_calls = true;
  request.block_ops = counted_block_ops(planned);
  request.warmup_ops = kCountedWarmUpOps;
  request.deadline =
      kCountedDeadline + kSlowerWhenCounted * longest_time(request.spec, request.block_ops + request.warmup_ops);
  return request;
}

std::vector<int> cpus_used(const Plan& plan, const Topology& topology) {
  std::set<int> cpus;
  for (const PlannedCase& planned : plan.cases) {
    if (!planned.skip_reason.empty()) continue;
    if (planned.cpus.producer < 0) cpus.insert(topology.cpus().begin(), topology.cpus().end());
    cpus.insert({planned.cpus.producer, planned.cpus.consumer});
  }
  cpus.erase(-1);
  return {cpus.begin(), cpus.end()};
}

CaseLauncher::CaseLauncher(const Plan& plan, const Topology& topology, PayloadMode payload, std::uint64_t seed)
    : payload_(payload),
      seed_(seed),
      clock_(choose_clock(cpus_used(plan, topology)).clock),
      hybrid_spins_(measure_hybrid_spins(plan, clock_)),
      run_dir_(RunDir::create()) {}

LaunchRequest CaseLauncher::request_for(const PlannedCase& planned) {
  return {.spec = planned.spec,
          .cpus = planned.cpus,
          .seat_cpus = planned.seat_cpus,
          .payload = payload_,
          .seed = mixed_seed(seed_, launches_++),
          .hybrid_spin = hybrid_spin_at(hybrid_spins_, planned.spec.placement),
          .clock = clock_,
          .workers = planned.workers};
}

LaunchOutcome CaseLauncher::pilot(PlannedCase& planned, std::chrono::nanoseconds block) {
  LaunchOutcome outcome = ipcbench::launch(pilot_request(request_for(planned)), run_dir_);
  if (!outcome.interrupted && outcome.record.status == Status::ok) set_lengths(planned, outcome.pilot_op_ns, block);
  return outcome;
}

LaunchOutcome CaseLauncher::launch(const PlannedCase& planned) {
  return ipcbench::launch(block_request(request_for(planned), planned), run_dir_);
}

}  // namespace ipcbench

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "harness/run/duration.h"
#include "harness/run/plan.h"
#include "harness/transport/registry.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

// What a launch costs beside its blocks. Rounded up from what small machines need: a run that ends early disappoints
// nobody.
constexpr nanoseconds kFixed = 1500ms;  // clock choice, noise, floors
constexpr nanoseconds kStart = 4ms;     // two forks, set-up, rendezvous, reaping
constexpr nanoseconds kCanaries = 2ms;  // one before, one after, on two CPUs
constexpr nanoseconds kWarmUp = 5ms;
constexpr nanoseconds kPilotOfACase = 25ms;  // per case
constexpr nanoseconds kQuiet = 60ms;         // the silence that ends a stream which may lose messages
constexpr int kQuietPilots = 3;              // batches of a pilot that are long enough to lose any
constexpr nanoseconds kShortestBlock = 5ms;
constexpr nanoseconds kBlockStep = 100us;
// A fifth of the time of launches and repeats together is kept for repeats; only canaries ask for any.
constexpr int kLaunchesPerReserve = 4;

constexpr double kMinBlockOps = static_cast<double>(kSlices);  // every slice has an op
constexpr double kMinWarmUpOps = 100;

// Sums of many launches of long blocks fit into no integer of ns.
using Ns = std::chrono::duration<double, std::nano>;

Ns of_ops(std::uint64_t ops, double op_ns) { return Ns(static_cast<double>(ops) * op_ns); }

bool has_canary(const PlannedCase& planned) {
  return planned.cpus.producer >= 0 && planned.cpus.producer != planned.cpus.consumer;
}

bool ends_by_silence(const PlannedCase& planned) {
  const Transport* transport = find_transport(planned.spec.transport);
  return planned.spec.scenario == Scenario::streaming && transport != nullptr &&
         !transport->capabilities(option_values(planned.spec, transport->info())).reliable;
}

Ns launch_time(const PlannedCase& planned, nanoseconds block) {
  const bool piloted = planned.block_ops > 0;
  const int blocks = planned.spec.scenario == Scenario::ping_pong ? 2 : 1;
  Ns time = kStart;
  time += blocks * (piloted ? of_ops(planned.block_ops, planned.op_ns) : Ns(block));
  time += piloted ? of_ops(planned.warmup_ops, planned.op_ns) : Ns(kWarmUp);
  if (has_canary(planned)) time += kCanaries;
  if (ends_by_silence(planned)) time += 2 * kQuiet;  // the warm-up and the block
  return time;
}

std::uint64_t round_up_1_2_5(double n) noexcept {
  const std::uint64_t down = round_1_2_5(n);
  if (static_cast<double>(down) >= n) return down;
  // From 2 the next is 5, from 1 and 5 it is the double.
  std::uint64_t leading = down;
  while (leading >= 10) leading /= 10;
  return leading == 2 ? down / 2 * 5 : down * 2;
}

}  // namespace

std::string channel_of(CaseSpec spec) {
  spec.wait = WaitStrategy::block;
  spec.placement = Placement::same_cpu;
  return spec.id();
}

PlanTime estimate(const Plan& plan) {
  PlanTime time{.fixed = kFixed};
  Ns all_launches{}, repeatable{};
  std::set<std::string> channels;
  for (const PlannedCase& planned : plan.cases) {
    if (!planned.skip_reason.empty()) continue;
    time.pilot += kPilotOfACase + kStart;
    if (ends_by_silence(planned)) time.pilot += kQuietPilots * kQuiet;
    const Ns launches = plan.passes * launch_time(planned, plan.block);
    all_launches += launches;
    if (has_canary(planned)) repeatable += launches;
    if (planned.spec.scenario != Scenario::setup) time.calls += kCallsOfACase;
    if (planned.spec.scenario == Scenario::ping_pong) {
      CaseSpec of_any_size = planned.spec;
      of_any_size.size = 0;  // one size stands for all
      channels.insert(channel_of(std::move(of_any_size)));
    }
  }
  time.launches = whole_ns(all_launches.count());
  time.reserve = whole_ns((repeatable / kLaunchesPerReserve).count());
  time.memory = channels.size() * kMemoryOfAChannel;
  time.total = time.fixed + time.pilot + time.launches + time.reserve + time.calls + time.memory;
  return time;
}

void fit_to_budget(Plan& plan) {
  const nanoseconds budget = plan.suite.budget;
  if (budget <= 0ns || estimate(plan).total <= budget) return;
  // The time is linear in the block's length.
  const nanoseconds wanted = plan.block;
  const auto total_with = [&](nanoseconds block) {
    plan.block = block;
    return static_cast<double>(estimate(plan).total.count());
  };
  const double without = total_with(0ns);
  const double per_ns = (total_with(wanted) - without) / static_cast<double>(wanted.count());
  const double fitting = per_ns > 0 ? std::max(0.0, (static_cast<double>(budget.count()) - without) / per_ns) : 0;
  const nanoseconds exact(static_cast<nanoseconds::rep>(std::min(fitting, static_cast<double>(wanted.count()))));
  plan.block = std::max(exact / kBlockStep * kBlockStep, std::min(kShortestBlock, wanted));

  if (plan.block < wanted) {
    plan.notes.push_back(fmt::format("blocks shortened from {} to {} to fit {}", format_duration(wanted),
                                     format_duration(plan.block), format_duration(budget)));
  }
  const nanoseconds total = estimate(plan).total;
  if (total > budget) {
    plan.notes.push_back(
        fmt::format("takes about {}, over the budget of {}: {} launches a case don't fit with blocks of {}; select "
                    "fewer cases to stay within it",
                    format_duration(total), format_duration(budget), plan.passes, format_duration(plan.block)));
  }
}

void set_lengths(PlannedCase& planned, double op_ns, nanoseconds block) {
  planned.op_ns = op_ns;
  planned.block_ops = round_1_2_5(std::max(kMinBlockOps, static_cast<double>(block.count()) / op_ns));
  planned.warmup_ops = warm_up_ops(op_ns);
}

std::uint64_t warm_up_ops(double op_ns) noexcept {
  return round_up_1_2_5(std::max(kMinWarmUpOps, static_cast<double>(nanoseconds(kWarmUp).count()) / op_ns));
}

std::uint64_t round_1_2_5(double n) noexcept {
  constexpr std::uint64_t kLargest = 1'000'000'000'000'000'000;
  std::uint64_t power = 1;
  while (power < kLargest && static_cast<double>(power) * 10 <= n) power *= 10;
  for (const std::uint64_t digit : {5u, 2u}) {
    if (static_cast<double>(digit * power) <= n) return digit * power;
  }
  return power;
}

}  // namespace ipcbench

#include "harness/ab/pairs_time.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/core.h>

#include "harness/plan/plan_time.h"
#include "harness/suite/duration.h"
#include "results/compare/ab_decision.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr nanoseconds kJobStart = 1s;    // choice of the clock, help and version of both programs
constexpr nanoseconds kArmStart = 12ms;  // to execute a build and read its answer
constexpr int kArms = 2;
constexpr int kPilotLaunches = 2;  // per arm

}  // namespace

nanoseconds estimate_pairs(const Plan& plan, int rounds) {
  double ns = ns_of(kJobStart);
  const auto cases = static_cast<std::size_t>(
      std::ranges::count_if(plan.cases, [](const PlannedCase& planned) { return planned.skip_reason.empty(); }));
  const double counting = static_cast<double>(least_rounds(2 * cases) + 1);
  for (const PlannedCase& planned : plan.cases) {
    if (!planned.skip_reason.empty()) continue;
    const CaseCost cost = cost_of(planned, plan);
    const auto arms_take = [](double launches, double launch_ns) {
      return kArms * launches * (launch_ns + ns_of(kArmStart));
    };
    ns += arms_take(kPilotLaunches, cost.pilot.ns) + arms_take(counting, cost.calls.ns) +
          arms_take(rounds, cost.launch.ns);
  }
  return whole_ns(ns);
}

int fit_pairs_to_budget(Plan& plan, int rounds, nanoseconds budget) {
  HostSpeed measured = std::exchange(plan.speed, HostSpeed{});
  const nanoseconds wanted = plan.block;
  plan.block = block_within(wanted, budget, [&](nanoseconds block) {
    plan.block = block;
    return estimate_pairs(plan, rounds);
  });
  if (plan.block < wanted) {
    plan.notes.push_back(fmt::format("blocks shortened from {} to {} to fit {}", format_duration(wanted),
                                     format_duration(plan.block), format_duration(budget)));
  }
  int fitting = rounds;
  if (estimate_pairs(plan, rounds) > budget) {
    const nanoseconds beside = estimate_pairs(plan, 0);
    const nanoseconds a_round = std::max(estimate_pairs(plan, 1) - beside, nanoseconds(1));
    const auto within = static_cast<int>(std::clamp<nanoseconds::rep>((budget - beside) / a_round, 0, rounds));
    fitting = std::max(within, std::min(kMinLaunches, rounds));
  }
  if (fitting < rounds) {
    plan.notes.push_back(fmt::format("{} rounds up to the first look in place of {} to fit {}", fitting, rounds,
                                     format_duration(budget)));
  }
  if (const nanoseconds total = estimate_pairs(plan, fitting); total > budget) {
    plan.notes.push_back(
        fmt::format("{} rounds with blocks of {} take about {}, over the budget of {}: nothing may be decided within "
                    "it; select fewer cases, or give more time with --budget",
                    fitting, format_duration(plan.block), format_duration(total), format_duration(budget)));
  }
  plan.speed = std::move(measured);
  return fitting;
}

}  // namespace ipcbench

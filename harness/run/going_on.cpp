#include "harness/run/going_on.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/plan/plan_time.h"
#include "harness/suite/duration.h"
#include "results/compare/looks.h"
#include "results/figures/summary.h"
#include "results/rows/precision.h"

namespace ipcbench {

GoingOn wider_cases(double precision) {
  return {.wants = [precision](const Result& result) { return wider_than(result, precision); },
          .what = fmt::format("wider than ±{:.3g} %", 100 * precision)};
}

std::vector<std::size_t> cases_wanting(RunState& state, const GoingOn& going_on, std::size_t look) {
  summarise(state.result());
  const std::vector<bool> wants = going_on.wants(state.result());
  const int seen = passes_seen(state.plan().looks, look - 1);
  std::vector<std::size_t> cases;
  for (std::size_t index = 0; index < state.cases().size(); ++index) {
    const RunCase& c = state.cases()[index];
    const bool has_begun =
        std::ranges::any_of(c.record.launches, [&](const LaunchRecord& launch) { return launch.pass >= seen; });
    if (c.is_measurable() && (wants[index] || has_begun)) cases.push_back(index);
  }
  return cases;
}

double ns_up_to(const RunState& state, const std::vector<std::size_t>& cases, std::size_t look, double slowness) {
  const Plan& plan = state.plan();
  double ns = floors_ns(plan);
  for (const std::size_t index : cases)
    ns += (plan.looks[look] - plan.looks[look - 1]) * state.cases()[index].cost.launch.ns * slowness;
  return ns;
}

std::string what_is_left(RunState& state, const GoingOn& going_on, bool fits, int launches) {
  summarise(state.result());
  const std::vector<bool> wants = going_on.wants(state.result());
  const auto left = std::ranges::count(wants, true);
  if (left == 0) return "";
  const Plan& plan = state.plan();
  std::string note = fmt::format("{} cases are {} {}", left, going_on.what,
                                 fits ? fmt::format("after {} launches, the last look", launches)
                                      : fmt::format("when the budget of {} ends", format_duration(plan.budget)));
  if (plan.precision) note += ": " + wider_text(state.result(), *plan.precision);
  return note;
}

}  // namespace ipcbench

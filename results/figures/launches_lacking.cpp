#include "results/figures/launches_lacking.h"

#include <algorithm>

#include "results/figures/states.h"
#include "results/figures/summary.h"

namespace ipcbench {

std::vector<std::size_t> launches_lacking(const Result& result, int wanted) {
  const std::vector<StateRecord> states = find_states(result);
  const auto target = static_cast<std::size_t>(std::max(wanted, 0));
  std::vector<std::size_t> lacking(result.cases.size());
  for (std::size_t i = 0; i < result.cases.size(); ++i) {
    const CaseRecord& c = result.cases[i];
    if (c.launches.empty() ? !is_waiting(c) : status_of(c.launches) != Status::ok) continue;
    const StateRecord* here = states_at(states, c.placement);
    const auto have = static_cast<std::size_t>(std::count_if(
        c.launches.begin(), c.launches.end(), [&](const LaunchRecord& launch) { return is_comparable(here, launch); }));
    lacking[i] = target - std::min(target, have);
  }
  return lacking;
}

}  // namespace ipcbench

#include "results/figures/states.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/core.h>

#include "results/figures/load_summary.h"

namespace ipcbench {
namespace {

bool is_canary(double ns) { return std::isfinite(ns) && ns > 0; }

double ratio_to(const Interval& range, double value) {
  if (value < range.low) return range.low / value;
  if (value > range.high) return value / range.high;
  return 1;
}

const std::string* cluster_of(const StateRecord& states, double canary_ns) {
  const std::string* nearest = nullptr;
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [name, range] : states.clusters_ns) {
    const double ratio = ratio_to(range, canary_ns);
    if (ratio < least) {
      least = ratio;
      nearest = &name;
    }
  }
  return nearest;
}

std::string cluster_name(std::size_t index, std::size_t count) {
  if (count == 1) return std::string(kOnlyState);
  if (count == 2) return index == 0 ? "near" : "far";
  return fmt::format("s{}", index + 1);
}

// Returns the state with most launches of the cases that decide which one is used; "" if there is none.
std::string commonest(const StateRecord& states, const Result& result) {
  std::vector<std::size_t> launches(states.clusters_ns.size());
  for (const CaseRecord& c : result.cases) {
    if (c.placement != states.placement || (result.promise && !measures_saturation(c))) continue;
    for (const LaunchRecord& launch : c.launches) {
      if (launch.status != Status::ok) continue;
      const std::string state = state_of(&states, launch);
      for (std::size_t i = 0; i < launches.size(); ++i) launches[i] += state == states.clusters_ns[i].first ? 1 : 0;
    }
  }
  const auto most = std::max_element(launches.begin(), launches.end());
  return *most == 0 ? "" : states.clusters_ns[static_cast<std::size_t>(most - launches.begin())].first;
}

}  // namespace

StateRecord cluster_canaries(const PlacementName& placement, std::vector<double> canaries_ns) {
  std::erase_if(canaries_ns, [](double ns) { return !is_canary(ns); });
  std::sort(canaries_ns.begin(), canaries_ns.end());
  std::vector<Interval> ranges;
  for (const double ns : canaries_ns) {
    if (ranges.empty() || ns > kStateGap * ranges.back().high) {
      ranges.push_back({ns, ns});
    } else {
      ranges.back().high = ns;
    }
  }
  StateRecord states;
  states.placement = placement;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    states.clusters_ns.emplace_back(cluster_name(i, ranges.size()), ranges[i]);
  }
  return states;
}

std::string state_of(const StateRecord& states, const std::array<double, 2>& canary_ns) {
  if (!is_canary(canary_ns[0]) || !is_canary(canary_ns[1])) return "";
  const std::string* before = cluster_of(states, canary_ns[0]);
  const std::string* after = cluster_of(states, canary_ns[1]);
  if (before == nullptr || after == nullptr) return "";
  return before == after ? *before : std::string(kMixedState);
}

std::vector<StateRecord> find_states(const Result& result) {
  std::vector<std::pair<PlacementName, std::vector<double>>> canaries;
  for (const CaseRecord& c : result.cases) {
    for (const LaunchRecord& launch : c.launches) {
      if (!launch.canary_ns) continue;
      auto found =
          std::find_if(canaries.begin(), canaries.end(), [&](const auto& p) { return p.first == c.placement; });
      if (found == canaries.end()) found = canaries.insert(found, {c.placement, {}});
      found->second.insert(found->second.end(), launch.canary_ns->begin(), launch.canary_ns->end());
    }
  }

  std::vector<StateRecord> all;
  for (auto& [placement, values] : canaries) {
    StateRecord states = cluster_canaries(placement, std::move(values));
    if (states.clusters_ns.empty()) continue;
    states.used = commonest(states, result);
    all.push_back(std::move(states));
  }
  return all;
}

const StateRecord* states_at(const std::vector<StateRecord>& states, const PlacementName& placement) noexcept {
  const auto found =
      std::find_if(states.begin(), states.end(), [&](const StateRecord& s) { return s.placement == placement; });
  return found == states.end() ? nullptr : &*found;
}

std::string state_of(const StateRecord* states, const LaunchRecord& launch) {
  if (states == nullptr || !launch.canary_ns) return "";
  return state_of(*states, *launch.canary_ns);
}

bool is_comparable(const StateRecord* states, const LaunchRecord& launch) {
  if (launch.status != Status::ok) return false;
  // In files of earlier builds, launches of setup have no canary. Nor has a lock that one process takes, which is at no
  // distance from another.
  if ((launch.setup || launch.lock) && !launch.canary_ns) return true;
  return states == nullptr || (!states->used.empty() && state_of(states, launch) == states->used);
}

}  // namespace ipcbench

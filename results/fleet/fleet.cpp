#include "results/fleet/fleet.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include "results/figures/states.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

constexpr std::size_t kNamedCases = 3;  // of a host that stands out

using Hosts = std::vector<FleetHost>;

// Clusters the canaries of all hosts at each placement, since names of states hold within one run only.
std::vector<StateRecord> states_of(const Hosts& hosts) {
  std::vector<std::pair<PlacementName, std::vector<double>>> placements;
  for (const FleetHost& host : hosts) {
    for (const auto& canary : host.canaries) {
      const auto is_here = [&](const auto& group) { return group.first == canary.first; };
      auto found = std::ranges::find_if(placements, is_here);
      if (found == placements.end()) found = placements.insert(found, {canary.first, {}});
      found->second.push_back(canary.second);
    }
  }
  std::vector<StateRecord> states;
  for (auto& [placement, canaries] : placements) states.push_back(cluster_canaries(placement, std::move(canaries)));
  return states;
}

// Returns the state that a host was in at a placement; "" if all hosts of its class were in the same.
std::string state_in(const std::vector<StateRecord>& states, const FleetHost& host, const PlacementName& placement) {
  const StateRecord* all = states_at(states, placement);
  if (all == nullptr || all->clusters_ns.size() < 2) return "";
  for (const auto& [where, ns] : host.canaries) {
    if (where == placement) return state_of(*all, {ns, ns});
  }
  return "";
}

// Holds the times of a class: a row for each host, a column for each case and state.
class ClassTimes {
 public:
  explicit ClassTimes(const Hosts& hosts) : states_(states_of(hosts)) {
    for (const FleetHost& host : hosts) {
      for (const HostCase& c : host.cases) column_of(host, c);
    }
    const CaseValues without(columns_.size(), std::numeric_limits<double>::quiet_NaN());
    for (const FleetHost& host : hosts) {
      CaseValues& row = ln_times_.emplace_back(without);
      for (const HostCase& c : host.cases) row[column_of(host, c)] = std::log(c.ns);
    }
  }

  const std::vector<CaseValues>& ln_times() const { return ln_times_; }
  const std::string& id_of(std::size_t column) const { return columns_[column].first; }

  // Returns how many cases enough hosts have in a state. A host has each in one state only.
  std::size_t cases_compared(const ClassDeviations& deviations) const {
    std::set<std::string_view> ids;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      if (!std::isnan(deviations.spreads[column])) ids.insert(columns_[column].first);
    }
    return ids.size();
  }

  std::vector<CaseDistribution> distributions() const {
    std::vector<CaseDistribution> all;
    for (std::size_t column = 0; column < columns_.size(); ++column) all.push_back(distribution(column));
    return all;
  }

 private:
  using Column = std::pair<std::string, std::string>;  // id and state

  std::size_t column_of(const FleetHost& host, const HostCase& c) {
    Column column(c.id, state_in(states_, host, c.placement));
    const auto [found, is_new] = index_.emplace(column, columns_.size());
    if (is_new) columns_.push_back(std::move(column));
    return found->second;
  }

  CaseDistribution distribution(std::size_t column) const {
    std::vector<double> ns;
    for (const CaseValues& host : ln_times_) {
      if (!std::isnan(host[column])) ns.push_back(std::exp(host[column]));
    }
    std::ranges::sort(ns);
    // A quartile lies between two order statistics: Hyndman and Fan's definition 7.
    const auto at = [&](double q) {
      const double rank = q * static_cast<double>(ns.size() - 1);
      const auto below = static_cast<std::size_t>(rank);
      const std::size_t above = std::min(below + 1, ns.size() - 1);
      return ns[below] + (rank - std::floor(rank)) * (ns[above] - ns[below]);
    };
    return {.id = columns_[column].first,
            .state = columns_[column].second,
            .hosts = ns.size(),
            .min_ns = ns.front(),
            .low_ns = at(0.25),
            .median_ns = at(0.5),
            .high_ns = at(0.75),
            .max_ns = ns.back(),
            .spread = robust_spread(ns) / at(0.5)};
  }

  std::vector<StateRecord> states_;
  std::map<Column, std::size_t> index_;
  std::vector<Column> columns_;
  std::vector<CaseValues> ln_times_;
};

// Returns the cases in which a host is slower by what counts, those first in which hosts differ least.
std::vector<SlowCase> slow_cases(const ClassTimes& times, const ClassDeviations& deviations, std::size_t host) {
  std::vector<std::pair<double, std::size_t>> by_distance;
  const CaseValues& ratios = deviations.ln_ratios[host];
  for (std::size_t column = 0; column < ratios.size(); ++column) {
    if (ratios[column] >= std::log1p(kLeastSlowdown))
      by_distance.emplace_back(-ratios[column] / deviations.spreads[column], column);
  }
  std::ranges::sort(by_distance);
  if (by_distance.size() > kNamedCases) by_distance.resize(kNamedCases);
  std::vector<SlowCase> cases;
  for (const auto& [distance, column] : by_distance) cases.push_back({times.id_of(column), std::exp(ratios[column])});
  return cases;
}

std::vector<Coincidence> coincidences_in(const std::vector<ClassHost>& hosts) {
  std::vector<const ProvenanceList*> slow, others;
  for (const ClassHost& one : hosts) {
    if (!one.standing) continue;
    (one.standing->stands_out ? slow : others).push_back(&one.host.provenance);
  }
  return coincidences(slow, others);
}

std::vector<std::string> shared_names(const Hosts& hosts) {
  std::map<std::string, std::size_t> counts;
  for (const FleetHost& host : hosts) ++counts[host.name];
  std::vector<std::string> shared;
  for (const auto& [name, n] : counts) {
    if (n > 1 && !name.empty()) shared.push_back(name);
  }
  return shared;
}

FleetClass judge_class(Hosts hosts) {
  const ClassTimes times(hosts);
  const ClassDeviations deviations = deviations_of(times.ln_times());
  const std::vector<std::optional<HostStanding>> standings = judge_hosts(deviations, times.cases_compared(deviations));
  FleetClass judged{.machine_class = hosts.front().machine_class,
                    .conditions = hosts.front().conditions,
                    .hosts = {},
                    .cases = times.distributions(),
                    .coincidences = {},
                    .shared_names = shared_names(hosts)};
  for (std::size_t n = 0; n < hosts.size(); ++n) {
    ClassHost& host = judged.hosts.emplace_back(ClassHost{std::move(hosts[n]), standings[n]});
    if (!host.standing) continue;
    ++judged.judged;
    if (host.standing->stands_out) host.slow_cases = slow_cases(times, deviations, n);
  }
  std::ranges::stable_sort(judged.hosts, {}, [](const ClassHost& one) {
    return one.standing ? std::tuple(!one.standing->stands_out, one.standing->p) : std::tuple(true, 2.0);
  });
  judged.coincidences = coincidences_in(judged.hosts);
  return judged;
}

}  // namespace

std::size_t FleetClass::standing_out() const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(hosts, [](const ClassHost& one) { return one.standing && one.standing->stands_out; }));
}

std::size_t Fleet::judged() const noexcept {
  std::size_t sum = 0;
  for (const FleetClass& one : classes) sum += one.judged;
  return sum;
}

std::size_t Fleet::standing_out() const noexcept {
  std::size_t sum = 0;
  for (const FleetClass& one : classes) sum += one.standing_out();
  return sum;
}

Fleet compare_hosts(std::vector<FleetHost> hosts) {
  Fleet fleet;
  std::map<std::string, std::string> runs;  // to its first file
  std::map<std::pair<std::string, std::string>, Hosts> classes;
  for (FleetHost& host : hosts) {
    const auto [first, is_new] = runs.emplace(host.run, host.file);
    if (!is_new) {
      fleet.repeated.push_back({host.file, first->second});
      continue;
    }
    Hosts& alike = classes[{host.machine_class, host.conditions}];
    alike.push_back(std::move(host));
  }
  for (auto& [kind, alike] : classes) fleet.classes.push_back(judge_class(std::move(alike)));
  std::ranges::stable_sort(fleet.classes, std::ranges::greater{},
                           [](const FleetClass& one) { return one.hosts.size(); });
  return fleet;
}

}  // namespace ipcbench

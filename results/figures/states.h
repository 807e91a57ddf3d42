#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "results/model/record.h"

// Separates launches by canary state. On virtual machines the distance between two CPUs changes between states, which a
// canary before and after each launch reveals. A table uses the launches of one state per placement.

namespace ipcbench {

inline constexpr double kStateGap = 1.5;
inline constexpr std::string_view kMixedState = "mixed";
inline constexpr std::string_view kOnlyState = "single";  // where canaries are all alike

// Clusters canary medians: a new cluster begins where a value exceeds 1.5 times the one before. They are named
// "single", "near" and "far", or "s1" to "sn", ascending. Values that aren't finite and positive are skipped; `used` is
// not set.
StateRecord cluster_canaries(const PlacementName& placement, std::vector<double> canaries_ns);

// Returns the cluster that holds both canaries, else "mixed". A canary outside all clusters belongs to the nearest by
// ratio.
std::string state_of(const StateRecord& states, const std::array<double, 2>& canary_ns);

// Returns a record for each placement with canaries, in order of first appearance. `used` is the state with most
// completed launches over all its cases, the first of equals; "" if every launch is mixed. In a search for rates only
// the saturations count, so that the state doesn't change while the search goes on.
std::vector<StateRecord> find_states(const Result& result);

const StateRecord* states_at(const std::vector<StateRecord>& states, const PlacementName& placement) noexcept;
// Returns "" for a launch without canaries.
std::string state_of(const StateRecord* states, const LaunchRecord& launch);
// Returns whether a launch completed, and in the used state if the placement has states.
bool is_comparable(const StateRecord* states, const LaunchRecord& launch);

}  // namespace ipcbench

#pragma once

#include <string_view>
#include <vector>

#include "results/model/record.h"

namespace ipcbench {

// Merges the floors sampled during a run into one per placement: the median of each figure over the samples in the
// canary state of the placement's tables. If no sample has that state, all count and FloorRecord::state is "mixed". If
// a placement has no states (one CPU), all count and the state is "".
std::vector<FloorRecord> merge_floors(const std::vector<FloorRecord>& readings, const std::vector<StateRecord>& states);

// Returns the floor of a placement and canary state; else the placement's first; nullptr if there is none.
const FloorRecord* floor_at(const std::vector<FloorRecord>& floors, const PlacementName& placement,
                            std::string_view state) noexcept;

}  // namespace ipcbench

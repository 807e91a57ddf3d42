#pragma once

#include <string_view>
#include <vector>

#include "results/model/record.h"

namespace ipcbench {

// One floor per placement from those sampled in the course of a run: the median of each figure over the samples that
// were taken in the canary state of the placement's tables. Where none was, over all of them, and FloorRecord::state
// says "mixed"; where a placement has no states (one CPU), over all, and state is "".
std::vector<FloorRecord> merge_floors(const std::vector<FloorRecord>& samples, const std::vector<StateRecord>& states);

// The floor of tables of that placement and canary state; where there is none of the state, the first of the placement;
// nullptr: none.
const FloorRecord* floor_at(const std::vector<FloorRecord>& floors, std::string_view placement,
                            std::string_view state) noexcept;

}  // namespace ipcbench

#pragma once

#include <vector>

#include "plots/table/table.h"
#include "results/claims/cast_recommendation.h"

namespace ipcbench {

// Returns "recommendation", what qualifies for many processes, ranked by the measured figure, and "excluded", by
// reason.
std::vector<Table> cast_recommendation_tables(const CastRecommendation& recommendation);

}  // namespace ipcbench

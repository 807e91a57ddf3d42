#pragma once

#include <vector>

#include "plots/table/table.h"
#include "results/claims/load_recommendation.h"

namespace ipcbench {

// Returns "recommendation", the channels that keep what is needed at a rate, ranked by the p99 of the worse of the two
// rates next to it, and "excluded", by reason.
std::vector<Table> load_recommendation_tables(const LoadRecommendation& recommendation);

}  // namespace ipcbench

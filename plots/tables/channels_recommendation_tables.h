#pragma once

#include <vector>

#include "plots/table/table.h"
#include "results/claims/channels_recommendation.h"

namespace ipcbench {

// Returns "recommendation", the mechanisms and ways to wait that qualify, ranked by their rate for each part of the
// channels that is active, and "excluded", by reason.
std::vector<Table> channels_recommendation_tables(const ChannelsRecommendation& recommendation);

}  // namespace ipcbench

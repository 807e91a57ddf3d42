#pragma once

#include <vector>

#include "plots/table/language.h"
#include "plots/table/table.h"
#include "results/claims/recommendation.h"
#include "results/rows/reference.h"

namespace ipcbench {

// Returns "recommendation", the transports that qualify, ranked by the measured figure with rank ranges, and
// "excluded", by reason. A reference adds the ranking figure as a multiple of its row's; it must be of the same result
// as the recommendation.
std::vector<Table> recommendation_tables(const Recommendation& recommendation, const Reference* reference = nullptr);

// Returns a table of what qualifies, and behind it "excluded", what doesn't, by reason, if there is anything.
std::vector<Table> with_excluded(Table qualified, const std::vector<Excluded>& excluded, Criterion by);

// Returns "guide": for each use that the articles name, what they recommend and what measured best. `result` must be
// summarised.
Table guide_table(const Result& result, Language language = Language::english);

}  // namespace ipcbench

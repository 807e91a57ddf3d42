#pragma once

#include <vector>

#include "plots/table/language.h"
#include "plots/table/table.h"
#include "results/claims/recommendation.h"
#include "results/rows/reference.h"

namespace ipcbench {

// What qualifies, "recommendation", ranked by the measured figure, each by a range of its own; and what
// doesn't, "excluded", by reason. With a reference the ranking figure also stands as a multiple of its row's; the
// recommendation and the reference are of one result.
std::vector<Table> recommendation_tables(const Recommendation& recommendation, const Reference* reference = nullptr);

// "guide": for each use that the sources name, what they recommend and what was measured to be best. The result is
// summarised.
Table guide_table(const Result& result, Language language = Language::english);

}  // namespace ipcbench

#pragma once

#include <vector>

#include "plots/language.h"
#include "plots/table.h"
#include "results/recommendation.h"

namespace ipcbench {

// What qualifies, "recommendation", ranked by the measured figure, each by a range of its own; and what
// doesn't, "excluded", by reason.
std::vector<Table> recommendation_tables(const Recommendation& recommendation);

// "guide": for each use that the sources name, what they recommend and what was measured to be best. The result is
// summarised.
Table guide_table(const Result& result, Language language = Language::english);

}  // namespace ipcbench

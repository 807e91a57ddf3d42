#pragma once

#include <string>

#include "results/claims/claims.h"
#include "results/claims/sources_table.h"

// The parts of a report's page that say more than a plain table: in both languages, escaped, cut as by shortened(),
// whole without scripts. `run` names the result where there are several, else it is "".

namespace ipcbench {

// A <table data-groups> with a <tbody> for each of the sources' rows, whose further rows are its variants. Words are
// chips of five tones, from the worse end of their column to the better; a mark and a word say the verdict.
std::string comparison_html(const Comparison& comparison, const std::string& run);

// The claims with their verdicts; the evidence of each is folded.
std::string claims_html(const Result& result, const std::string& run);

}  // namespace ipcbench

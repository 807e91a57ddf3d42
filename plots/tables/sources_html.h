#pragma once

#include <string>

#include "results/claims/claims.h"
#include "results/claims/sources_table.h"

// Makes the parts of a report's page that plain tables can't express: in both languages, escaped, cut by shortened(),
// complete without scripts. `run` names the result if there are several, else it is "".

namespace ipcbench {

// Returns a <table data-groups> with a <tbody> for each row of the articles' table, followed by its variants. Words are
// chips of five tones, from the column's worse end to its better; a mark and a word state the agreement.
std::string sources_html(const SourcesTable& sources, const std::string& run);

// Returns the claims with their verdicts; the evidence is folded.
std::string claims_html(const Result& result, const std::string& run);

}  // namespace ipcbench

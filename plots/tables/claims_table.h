#pragma once

#include <string>
#include <vector>

#include "plots/table/language.h"
#include "plots/table/table.h"
#include "results/claims/claims.h"
#include "results/model/record.h"

namespace ipcbench {

// "claims": the sources' claims, each with the verdict of this result and what it rests on. The result is summarised.
Table claims_table(const Result& result, Language language = Language::english);

struct ClaimsHeading {
  std::string title, note;
};
ClaimsHeading claims_heading(Language language);
// On what the verdict rests, in a sentence; and its evidence, all of it, each in a line.
std::string claim_basis(const JudgedClaim& claim, Language language);
std::vector<std::string> claim_evidence(const JudgedClaim& claim, Language language);

}  // namespace ipcbench

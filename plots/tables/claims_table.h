#pragma once

#include <span>
#include <string>
#include <vector>

#include "plots/table/language.h"
#include "plots/table/table.h"
#include "results/claims/claims.h"
#include "results/model/record.h"

namespace ipcbench {

// Returns the table "claims": the articles' claims, each with the result's judgement and its basis. `result` must be
// summarised.
Table claims_table(const Result& result, Language language = Language::english);

// Returns the table "claims" of `ipcbench claims`: claims made in public and a user's own, then the articles'.
Table judged_claims_table(std::span<const JudgedClaim> claims, Language language = Language::english);

struct ClaimsHeading {
  std::string title, note;
};
ClaimsHeading claims_heading(Language language);
// Return the basis of the judgement in a sentence, and all its evidence, one line each.
std::string claim_basis(const JudgedClaim& claim, Language language);
std::vector<std::string> claim_evidence(const JudgedClaim& claim, Language language);

}  // namespace ipcbench

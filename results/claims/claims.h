#pragma once

#include <span>
#include <vector>

#include "results/claims/judged_claim.h"
#include "results/model/record.h"

// Judges claims (claims/*.toml) by the figures and facts of results: the articles' 24, those made in public, and a
// user's own.

namespace ipcbench {

// Judges claims, in their order. Results must be summarised; claims and results must outlive the answer, which points
// into them. Figures of different results are never compared: tests are made in each, and all together decide.
std::vector<JudgedClaim> judge(std::span<const Claim> claims, std::span<const ClaimResult> results);
// Judges the articles' 24 claims.
std::vector<JudgedClaim> judge_claims(const Result& result);

}  // namespace ipcbench

#pragma once

#include <span>

#include "results/claims/judged_claim.h"

// Judges a claim by one kind of query. None of this is for others than claims.cpp.

namespace ipcbench {

// Each fills judgement, reason and evidence of a claim that isn't judged yet. Where the result decides nothing, the
// judgement stays "not tested", and the reason what the query says itself, or "".
void judge_by(const ExperimentQuery& query, const Result& result, JudgedClaim& claim);
void judge_by(const HeadToHeadQuery& query, const Result& result, JudgedClaim& claim);
void judge_by(const BoundsQuery& query, const Result& result, JudgedClaim& claim);
void judge_by(const CopiesQuery& query, const Result& result, JudgedClaim& claim);
// Makes the tests in all results.
void judge_by(const TestsQuery& query, std::span<const ClaimResult> results, JudgedClaim& claim);

}  // namespace ipcbench

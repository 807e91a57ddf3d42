#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "results/claims/head_to_head.h"
#include "results/model/bilingual.h"
#include "results/model/record.h"

// Judges what the articles (docs/sources.md) claim about the mechanisms by the figures and facts of a result.

namespace ipcbench {

// `undecided`: measured, but the difference is within the noise. `not_judged`: a limit of the host changed what was
// measured.
enum class ClaimJudgement : std::uint8_t { holds, fails, depends, not_tested, undecided, not_judged };

struct JudgedClaim {
  int number = 0;            // 1 to 24; FactRecord::claim
  std::string_view sources;  // "S1 S2 S4": the articles that say it
  Bilingual text;
  ClaimJudgement judgement = ClaimJudgement::not_tested;
  // The reason for the judgement. depends: on what; not tested: what would decide it; not judged: which limit;
  // otherwise the evidence in words.
  BilingualString why;
  std::vector<Match> matches;         // measured evidence; pointers into the result
  std::vector<std::string> evidence;  // evidence from experiments and from facts in the result, in its own words
};

// Judges all 24 claims, in their order. `result` must be summarised and must outlive the answer, which points into it.
std::vector<JudgedClaim> judge_claims(const Result& result);

Bilingual bilingual_name(ClaimJudgement judgement) noexcept;  // "holds here"
std::string_view to_string(
    ClaimJudgement judgement) noexcept;  // "holds", "fails", "depends", "not tested", "undecided", "not judged"

}  // namespace ipcbench

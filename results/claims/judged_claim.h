#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "results/claims/claim.h"
#include "results/claims/head_to_head.h"
#include "results/model/bilingual.h"
#include "results/model/record.h"

namespace ipcbench {

struct JudgedClaim {
  const Claim* claim = nullptr;  // must outlive this
  int number = 0;                // of the articles' claims: 1 to 24
  std::string_view sources;      // "S1 S2 S4": the articles that say it
  Bilingual text;
  ClaimJudgement judgement = ClaimJudgement::not_tested;
  // The reason for the judgement. depends: on what; not tested: what would decide it; not judged: which limit;
  // otherwise the evidence in words.
  BilingualString why;
  std::vector<Match> matches;         // measured evidence; pointers into the result
  std::vector<std::string> evidence;  // evidence from experiments, facts and tests, in the result's words
};

// A result that claims are judged by, with the name that tells it from others; "" if there is but one.
struct ClaimResult {
  const Result* result = nullptr;
  std::string name;
};

// The words of the articles' table: "holds here"; "holds", "fails", "depends", "not tested", "undecided", "not judged".
Bilingual bilingual_name(ClaimJudgement judgement) noexcept;
std::string_view to_string(ClaimJudgement judgement) noexcept;
// The words for claims made in public: "confirmed", "refuted", "mislabelled", "depends", "not here" …
Bilingual bilingual_verdict(ClaimJudgement judgement) noexcept;

// Combines several tests into a judgement. Undecided ones keep a claim from holding, and alone they decide nothing.
ClaimJudgement judgement_of(std::ptrdiff_t agreed, std::ptrdiff_t opposed, std::ptrdiff_t all) noexcept;
// Refuses a judgement, because a limit of the host changed all the measurements.
void leave_unjudged(JudgedClaim& claim, const BilingualString& limits);

}  // namespace ipcbench

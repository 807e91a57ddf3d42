#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "results/claims/head_to_head.h"
#include "results/model/bilingual.h"
#include "results/model/record.h"

// What the sources claim of the mechanisms, beside what a result has to say to it.

namespace ipcbench {

// `undecided`: measured, but nothing could be told apart. `not_judged`: a limit of the host changed what was measured.
enum class ClaimVerdict : std::uint8_t { holds, fails, depends, not_tested, undecided, not_judged };

struct JudgedClaim {
  int number = 0;            // 1 to 24; FactRecord::claim
  std::string_view sources;  // "S1 S2 S4": the articles that say it
  Term text;
  ClaimVerdict verdict = ClaimVerdict::not_tested;
  // depends: on what; not tested: what would decide it; not judged: which limit; else what speaks for it
  Phrase why;
  std::vector<Duel> duels;            // evidence by measurement, pointing into the result
  std::vector<std::string> evidence;  // by experiment and by what the result states, in its words
};

// All 24 in their order. The result is summarised, and outlives them.
std::vector<JudgedClaim> judge_claims(const Result& result);

Term term_of(ClaimVerdict verdict) noexcept;  // "holds here"
std::string_view key_of(
    ClaimVerdict verdict) noexcept;  // "holds", "fails", "depends", "not tested", "undecided", "not judged"

}  // namespace ipcbench

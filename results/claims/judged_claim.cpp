#include "results/claims/judged_claim.h"

#include <array>

namespace ipcbench {
namespace {

struct JudgementNames {
  std::string_view key;
  Bilingual of_articles, verdict;
};
constexpr std::array<JudgementNames, 7> kJudgementNames = {
    {{"holds", {"holds here", "成立"}, {"confirmed", "证实"}},
     {"fails", {"does not hold", "不成立"}, {"refuted", "否定"}},
     {"depends", {"depends", "视情况"}, {"depends", "视情况"}},
     {"not tested", {"not tested", "未测试"}, {"not here", "此处无"}},
     {"undecided", {"can't be told apart", "无法区分"}, {"undecided", "无法区分"}},
     {"not judged", {"not judged", "不作判断"}, {"not judged", "不作判断"}},
     {"mislabelled", {"mislabelled", "名实不符"}, {"mislabelled", "名实不符"}}}};

const JudgementNames& names_of(ClaimJudgement judgement) noexcept {
  return kJudgementNames[static_cast<std::size_t>(judgement)];
}

}  // namespace

ClaimJudgement judgement_of(std::ptrdiff_t agreed, std::ptrdiff_t opposed, std::ptrdiff_t all) noexcept {
  if (agreed == 0 && opposed == 0) return ClaimJudgement::undecided;
  if (agreed == all) return ClaimJudgement::holds;
  return agreed == 0 ? ClaimJudgement::fails : ClaimJudgement::depends;
}

void leave_unjudged(JudgedClaim& claim, const BilingualString& limits) {
  claim.judgement = ClaimJudgement::not_judged;
  claim.why = limits;
}

Bilingual bilingual_name(ClaimJudgement judgement) noexcept { return names_of(judgement).of_articles; }
std::string_view to_string(ClaimJudgement judgement) noexcept { return names_of(judgement).key; }
Bilingual bilingual_verdict(ClaimJudgement judgement) noexcept { return names_of(judgement).verdict; }

}  // namespace ipcbench

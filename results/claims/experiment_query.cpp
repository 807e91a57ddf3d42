#include <cstddef>

#include <fmt/format.h>

#include "results/claims/queries.h"
#include "results/model/limits.h"

namespace ipcbench {

void judge_by(const ExperimentQuery& query, const Result& result, JudgedClaim& claim) {
  std::size_t agrees = 0;
  std::size_t contradicts = 0;
  std::size_t all = 0;
  std::string exceptions;
  std::string reasons;
  BilingualString limits;
  for (const TransportRecord& transport : result.transports) {
    for (const FactRecord& fact : transport.facts) {
      if (fact.claim != query.fact) continue;
      if (fact.limit) limits = bilingual_text(*fact.limit);
      if (fact.agreement.empty()) {
        reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", transport.name, fact.reason);
        continue;
      }
      ++all;
      agrees += fact.agreement == "agrees" ? 1 : 0;
      contradicts += fact.agreement == "contradicts" ? 1 : 0;
      claim.evidence.push_back(
          fmt::format("{}: {} {} ({})", transport.name, fact.question, fact.answer, fact.evidence));
      if (fact.agreement == "agrees") continue;
      exceptions += fmt::format("{}{}: {}", exceptions.empty() ? "" : "; ", transport.name, fact.answer);
    }
  }
  const std::string open = reasons.empty() ? "" : "; not found out: " + reasons;
  const std::string open_chinese = reasons.empty() ? "" : "；未能查明：" + reasons;
  if (all == 0 && !limits.english.empty()) return leave_unjudged(claim, limits);
  if (all == 0) {
    claim.why = {reasons.empty() ? "this result holds no experiment on it; a new run makes it" : reasons,
                 reasons.empty() ? "这次结果没有相应的实验，重新运行即可" : reasons};
    return;
  }
  claim.judgement = agrees == all        ? ClaimJudgement::holds
                    : contradicts == all ? ClaimJudgement::fails
                                         : ClaimJudgement::depends;
  claim.why = {fmt::format("experiments that agree: {} of {}{}{}{}", agrees, all,
                           exceptions.empty() ? "" : "; otherwise ", exceptions, open),
               fmt::format("一致的实验：{}/{}{}{}{}", agrees, all, exceptions.empty() ? "" : "；不同者：", exceptions,
                           open_chinese)};
}

}  // namespace ipcbench

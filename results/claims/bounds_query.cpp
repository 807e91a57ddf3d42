#include <cstddef>

#include <fmt/format.h>

#include "results/claims/queries.h"
#include "results/claims/queue_bounds.h"
#include "results/rows/at_largest.h"

namespace ipcbench {

void judge_by(const BoundsQuery& query, const Result& result, JudgedClaim& claim) {
  for (const std::string& name : {query.message_limit, query.queue_limit}) {
    const std::string value = stated_limit(result, name);
    if (!value.empty()) claim.evidence.push_back(fmt::format("/proc/sys/kernel/{} is {}", name, value));
  }
  for (const CaseRecord& c : result.cases) {
    if (c.transport != query.queue || c.status != Status::skipped) continue;
    claim.evidence.push_back(fmt::format("{}: {}", c.id, c.reason));
    break;
  }
  if (const CaseRecord* largest = queue_at_largest(result, query)) {
    claim.evidence.push_back(fmt::format("{}: {}", largest->id, at_largest_text(*largest).english));
  }
  std::ptrdiff_t met = 0;
  std::ptrdiff_t all = 0;
  BilingualString limits;
  for (const QueueBound& bound : {bound_of_message(result, query), bound_of_queue(result, query)}) {
    if (!bound.limits.english.empty()) limits = bound.limits;
    if (!bound.is_met) continue;
    met += *bound.is_met ? 1 : 0;
    claim.why.english += (all > 0 ? "; " : "") + bound.why.english;
    claim.why.chinese += (all > 0 ? "；" : "") + bound.why.chinese;
    ++all;
  }
  if (all == 0 && !limits.english.empty()) return leave_unjudged(claim, limits);
  if (all == 0) return;
  claim.judgement = judgement_of(met, all - met, all);
}

}  // namespace ipcbench

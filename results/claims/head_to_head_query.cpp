#include <algorithm>
#include <cstddef>
#include <iterator>

#include <fmt/format.h>

#include "results/claims/queries.h"
#include "results/claims/reasons.h"
#include "results/figures/capability.h"

namespace ipcbench {
namespace {

constexpr Bilingual kNotBothMeasured = {"this result has not measured both alike", "这次结果没有在相同条件下测量两者"};

bool is_of_row(const Result& result, const CaseRecord& c, const std::string& row) {
  const TransportRecord* record = find_transport_record(result, c.transport);
  return record != nullptr && record->row == row;
}

}  // namespace

void judge_by(const HeadToHeadQuery& query, const Result& result, JudgedClaim& claim) {
  const CaseFilter better = query.better_row.empty() ? any_of(query.better) : [&](const CaseRecord& c) {
    return is_of_row(result, c, query.better_row);
  };
  const CaseFilter than = query.than.empty() ? [&](const CaseRecord& c) { return !better(c); } : any_of(query.than);
  const HeadToHead found = head_to_head(result, better, than, query.contests);
  const std::vector<Match>& all = found.all;
  if (all.empty() && found.limited > 0) return leave_unjudged(claim, found.limits);
  // The part of the claim that is about large messages decides nothing without them.
  const auto is_large = [&](const Match& match) { return match.size >= query.from_size; };
  if (std::ranges::none_of(all, is_large)) {
    if (query.from_size == 0)
      claim.why = {std::string(kNotBothMeasured.english), std::string(kNotBothMeasured.chinese)};
    return;
  }
  const auto foretold = [&](const Match& match) { return is_large(match) ? 1 : -1; };
  const auto agreed = std::ranges::count_if(all, [&](const Match& match) { return match.outcome == foretold(match); });
  const auto opposed =
      std::ranges::count_if(all, [&](const Match& match) { return match.outcome == -foretold(match); });
  claim.judgement = judgement_of(agreed, opposed, std::ssize(all));
  const BilingualString outcomes = reason_of(all);
  claim.why = {query.subject.english + outcomes.english, query.subject.chinese + outcomes.chinese};
  add_limited(claim.why, found);
  claim.matches = clearest_of(all);
}

}  // namespace ipcbench

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "results/claims/queries.h"
#include "results/claims/reasons.h"
#include "results/compare/comparability.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

std::optional<double> calls_of(const Result& result, std::string_view transport) {
  for (const CaseRecord& c : result.cases) {
    const CaseSummary& s = c.summary;
    if (c.transport != transport || c.scenario != Scenario::ping_pong || c.wait != WaitStrategy::block ||
        c.status != Status::ok)
      continue;
    if (is_limited(c) || !c.options.empty() || !may_be_ranked(c)) continue;
    if (s.syscalls_producer.median && s.syscalls_consumer.median) {
      return *s.syscalls_producer.median + *s.syscalls_consumer.median;
    }
  }
  return std::nullopt;
}

// Returns the limits of the first case of a side that they changed.
BilingualString limits_of_any(const Result& result, const CaseFilter& filter) {
  for (const CaseRecord& c : result.cases) {
    if (filter(c) && is_limited(c)) return launch_limits_of(c);
  }
  return {};
}

}  // namespace

void judge_by(const CopiesQuery& query, const Result& result, JudgedClaim& claim) {
  const std::optional<double> queue = calls_of(result, query.queue);
  const std::optional<double> memory = calls_of(result, query.lends);
  const HeadToHead found = head_to_head(result, any_of({query.lends}), any_of({query.copies}), {Contest::stream});
  const std::vector<Match>& all = found.all;
  if (const BilingualString limits = limits_of_any(result, any_of({query.queue, query.copies, query.lends}));
      (!queue || !memory || all.empty()) && !limits.english.empty()) {
    return leave_unjudged(claim, limits);
  }
  if (!queue || !memory || all.empty()) return;
  for (const auto& [name, calls] : {std::pair(query.queue, *queue), std::pair(query.lends, *memory)}) {
    claim.evidence.push_back(fmt::format("{}: {:.2f} system calls in a round trip", name, calls));
  }
  const std::string calls = fmt::format("{:.2f}", *queue);
  claim.matches = clearest_of(all);
  if (*queue < query.calls) {
    claim.judgement = ClaimJudgement::fails;
    claim.why = {
        fmt::format("a round trip over {} made {} system calls, fewer than its sends and receives", query.queue, calls),
        fmt::format("{}的一次往返只有{}次系统调用，少于收发次数", query.queue, calls)};
    return;
  }
  // The gain of loans: a message built in shared memory against one copied in and out.
  const auto lends_faster = std::ranges::count(all, 1, &Match::outcome);
  const auto lends_slower = std::ranges::count(all, -1, &Match::outcome);
  const BilingualString outcomes = reason_of(all);
  claim.judgement = lends_faster > 0   ? ClaimJudgement::depends
                    : lends_slower > 0 ? ClaimJudgement::holds
                                       : ClaimJudgement::undecided;
  claim.why = {fmt::format("{} made {} system calls in a round trip, one for each send and receive. Shared memory "
                           "without copies ({}) beside that with copies ({}): {}",
                           query.queue, calls, query.lends, query.copies, outcomes.english),
               fmt::format("{}一次往返有{}次系统调用，每次收发各一次。不复制的共享内存（{}）与复制的（{}）相比：{}",
                           query.queue, calls, query.lends, query.copies, outcomes.chinese)};
}

}  // namespace ipcbench

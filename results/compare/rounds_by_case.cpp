#include "results/compare/rounds_by_case.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "results/figures/statistics.h"
#include "results/figures/summary.h"

namespace ipcbench {
namespace {

bool compares_by(const CaseRounds& c, Metric metric) {
  const auto& pairs = c.pairs_for(metric, false);
  return std::any_of(pairs.begin(), pairs.end(), [&](const LaunchPair* pair) { return log_ratio(*pair, metric); });
}

// Returns whether all ok launches up to the first look have a p50 that is long enough for the clock. Later rounds don't
// change the answer.
bool clock_tells_p50(const CaseRounds& c, const PairHeader& header) {
  std::vector<double> values;
  for (const LaunchPair* pair : c.timed) {
    if (!header.looks.empty() && pair->round >= header.looks.front()) continue;
    for (const LaunchMetrics* launch_metrics : {&pair->base, &pair->head}) {
      if (launch_metrics->status != Status::ok) continue;
      if (!launch_metrics->rtt_p50_ns) return false;
      values.push_back(*launch_metrics->rtt_p50_ns);
    }
  }
  return !values.empty() && median(values) >= kLeastClockMultiple * header.clock.overhead_ns;
}

}  // namespace

std::vector<CaseRounds> rounds_by_case(const PairSession& session) {
  std::vector<CaseRounds> cases(session.header.cases.size());
  std::map<std::string_view, CaseRounds*> by_id;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    cases[i].spec = &session.header.cases[i];
    by_id.emplace(cases[i].spec->id, &cases[i]);
  }
  for (const LaunchPair& pair : session.pairs) {
    const auto found = by_id.find(pair.case_id);
    if (found == by_id.end()) continue;
    CaseRounds& c = *found->second;
    auto& stage =
        pair.counts ? (pair.confirms ? c.counted_again : c.counted) : (pair.confirms ? c.timed_again : c.timed);
    stage.push_back(&pair);
  }
  for (CaseRounds& c : cases) {
    const Metric other_rtt = clock_tells_p50(c, session.header) ? Metric::rtt_mean : Metric::rtt_p50;
    for (const Metric metric : kMetrics) {
      if (metric != other_rtt && compares_by(c, metric)) c.metrics.push_back(metric);
    }
  }
  return cases;
}

}  // namespace ipcbench

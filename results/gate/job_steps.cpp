#include "results/gate/job_steps.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "results/compare/ab_decision.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

bool is_of(const LaunchPair& pair, const JobStep& step) noexcept {
  return pair.counts == step.counts && pair.confirms == step.confirms;
}

int rounds_measured(const PairSession& session, const JobStep& step, std::string_view case_id) {
  return static_cast<int>(std::ranges::count_if(
      session.pairs, [&](const LaunchPair& pair) { return is_of(pair, step) && pair.case_id == case_id; }));
}

// Returns the cases that both arms can run, without the broken ones.
std::vector<std::string> cases_in_use(const PairSession& session, const JobOutcome& outcome) {
  std::vector<std::string> ids;
  for (const PairedCase& c : session.header.cases) {
    const bool is_broken = std::ranges::any_of(outcome.left_out, [&](const LeftOut& left_out) {
      return left_out.kind == LeftOutKind::broken && left_out.case_id == c.id;
    });
    if (c.reason.empty() && !is_broken) ids.push_back(c.id);
  }
  return ids;
}

// Adds to `step` those of `ids` that lack rounds.
JobStep for_lacking(const PairSession& session, JobStep step, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    if (rounds_measured(session, step, id) < step.rounds) step.cases.push_back(id);
  }
  return step;
}

// Returns one step for all figures whose next look is the nearest one.
JobStep nearest_look(const std::vector<const Decision*>& decisions) {
  JobStep nearest;
  for (const Decision* decision : decisions) {
    const JobStep step{.counts = decision->metric == Metric::syscalls,
                       .confirms = decision->next->fresh,
                       .rounds = decision->next->rounds};
    const auto order = [](const JobStep& s) { return std::tuple(s.rounds, s.confirms, s.counts); };
    if (nearest.cases.empty() || order(step) < order(nearest)) nearest = step;
    if (order(step) != order(nearest)) continue;
    if (std::ranges::find(nearest.cases, decision->case_id) == nearest.cases.end())
      nearest.cases.push_back(decision->case_id);
  }
  return nearest;
}

// Returns the mean seconds from the start of a pair to the start of the next one, by case.
std::map<std::string_view, double> seconds_of_pairs(const PairSession& session, bool counts) {
  std::map<std::string_view, std::pair<double, int>> sums;
  for (std::size_t i = 0; i + 1 < session.pairs.size(); ++i) {
    const LaunchPair& pair = session.pairs[i];
    const std::optional<double>& next = session.pairs[i + 1].at_s;
    if (pair.counts != counts || !pair.at_s || !next || !(*next >= *pair.at_s)) continue;
    auto& [seconds, pairs] = sums[pair.case_id];
    seconds += *next - *pair.at_s;
    ++pairs;
  }
  std::map<std::string_view, double> means;
  for (const auto& [id, sum] : sums) means.emplace(id, sum.first / sum.second);
  return means;
}

double seconds_for_case(const PairSession& session, const JobStep& step, const std::string& id,
                        const std::map<std::string_view, double>& seconds_of_pair) {
  const auto known = seconds_of_pair.find(id);
  if (known == seconds_of_pair.end()) return 0;
  return known->second * static_cast<double>(pairs_lacking(session, step, id));
}

}  // namespace

bool JobStep::is_first(const PairHeader& header) const noexcept {
  return !confirms && (counts || (!header.looks.empty() && rounds <= header.looks.front()));
}

std::vector<std::string> counted_cases(const PairSession& session, std::vector<std::string> ids) {
  for (const PairedCase& c : session.header.cases) {
    if (is_of_casts(traffic_of(c.scenario))) std::erase(ids, c.id);
  }
  return ids;
}

int counting_rounds(const PairHeader& header) {
  const auto cases = std::ranges::count_if(header.cases, [](const PairedCase& c) { return c.reason.empty(); });
  return static_cast<int>(least_rounds(2 * static_cast<std::size_t>(cases))) + 1;
}

JobStep next_step(const PairSession& session, const JobOutcome& outcome, bool counts_calls) {
  if (session.header.looks.empty()) return {};
  const std::vector<std::string> in_use = cases_in_use(session, outcome);
  if (counts_calls) {
    JobStep counting = for_lacking(session, {.counts = true, .rounds = counting_rounds(session.header)},
                                   counted_cases(session, in_use));
    if (!counting.cases.empty()) return counting;
  }
  JobStep timed = for_lacking(session, {.rounds = session.header.looks.front()}, in_use);
  if (!timed.cases.empty()) return timed;

  const std::vector<const Decision*> candidates = to_confirm(outcome);
  if (!candidates.empty()) return nearest_look(candidates);
  std::vector<const Decision*> undecided;
  for (const Decision& decision : outcome.decisions) {
    if (decision.gated && decision.next) undecided.push_back(&decision);
  }
  return nearest_look(undecided);
}

std::size_t pairs_lacking(const PairSession& session, const JobStep& step, const std::string& case_id) {
  return static_cast<std::size_t>(std::max(step.rounds - rounds_measured(session, step, case_id), 0));
}

std::size_t pairs_lacking(const PairSession& session, const JobStep& step) {
  std::size_t pairs = 0;
  for (const std::string& id : step.cases) pairs += pairs_lacking(session, step, id);
  return pairs;
}

double seconds_for(const PairSession& session, const JobStep& step) {
  const std::map<std::string_view, double> seconds_of_pair = seconds_of_pairs(session, step.counts);
  double seconds = 0;
  for (const std::string& id : step.cases) seconds += seconds_for_case(session, step, id, seconds_of_pair);
  return seconds;
}

JobStep part_within(const PairSession& session, JobStep step, double seconds) {
  const std::map<std::string_view, double> seconds_of_pair = seconds_of_pairs(session, step.counts);
  const auto takes = [&](const std::string& id) { return seconds_for_case(session, step, id, seconds_of_pair); };
  std::ranges::stable_sort(step.cases, {}, takes);
  double sum = 0;
  const auto too_long =
      std::ranges::find_if(step.cases, [&](const std::string& id) { return (sum += takes(id)) > seconds; });
  step.cases.erase(too_long, step.cases.end());
  return step;
}

}  // namespace ipcbench

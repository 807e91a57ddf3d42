#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "results/compare/comparability.h"
#include "results/compare/looks.h"
#include "results/compare/rounds_by_case.h"
#include "results/figures/states.h"
#include "results/figures/statistics.h"
#include "results/figures/summary.h"
#include "results/gate/job_outcome.h"
#include "results/gate/job_steps.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

// One failed launch may be the machine's fault; two of one arm are not. A damaged message is always the arm's.
constexpr int kBrokenToLeaveOut = 2;

std::optional<LeftOut> broken_arm(const CaseRounds& c) {
  for (const bool is_head : {false, true}) {
    int broken = 0;
    for (const auto* pairs : {&c.timed, &c.timed_again}) {
      for (const LaunchPair* pair : *pairs) {
        const LaunchMetrics& launch_metrics = is_head ? pair->head : pair->base;
        if (launch_metrics.status == Status::ok) continue;
        if (launch_metrics.status != Status::invalid && ++broken < kBrokenToLeaveOut) continue;
        return LeftOut{c.spec->id, LeftOutKind::broken, launch_metrics.status,
                       fmt::format("{}: {}", is_head ? "head" : "base", launch_metrics.reason)};
      }
    }
  }
  return std::nullopt;
}

std::optional<LeftOut> left_out(const CaseRounds& c) {
  if (!c.spec->reason.empty()) {
    return LeftOut{c.spec->id, c.spec->missing ? LeftOutKind::missing : LeftOutKind::skipped, Status::skipped,
                   c.spec->reason};
  }
  if (auto broken = broken_arm(c)) return broken;
  if (c.metrics.empty()) {
    return LeftOut{c.spec->id, LeftOutKind::skipped, Status::skipped, "no pair of sound launches"};
  }
  return std::nullopt;
}

std::string percent(double log_ratio) { return fmt::format("{:.1f} %", 100 * log_ratio); }

std::string why_undecided(const Estimate& estimate, const Margin& margin, double tail) {
  if (!estimate.interval) {
    return fmt::format("{} usable pairs: an interval at this level needs {}", estimate.n, least_pairs(tail));
  }
  if (margin.advice > margin.value) {
    return fmt::format("the interval is not clear of {}, a margin learnt from fewer than {} pairs",
                       percent(margin.advice), kPairsForMargin);
  }
  return "the interval crosses the margin";
}

// Returns the complete rounds of one case: those numbered from 0 without a gap.
int rounds_reached(const std::vector<const LaunchPair*>& pairs) {
  int after_last = 0;
  for (const LaunchPair* pair : pairs)
    after_last = std::max(after_last, pair->round < kAllRounds ? pair->round + 1 : 0);
  return std::min(after_last, static_cast<int>(pairs.size()));
}

std::vector<const LaunchPair*> pairs_before(const std::vector<const LaunchPair*>& pairs, int rounds) {
  std::vector<const LaunchPair*> before;
  for (const LaunchPair* pair : pairs) {
    if (pair->round < rounds || rounds == kAllRounds) before.push_back(pair);
  }
  return before;
}

// Returns the metric that a case always has. Without it, a job that ended before its timed rounds would have nothing
// undecided.
Metric time_of(const PairedCase& spec) noexcept {
  return traffic_of(spec.scenario) == Traffic::round_trips ? Metric::rtt_p50 : Metric::message_time;
}

class Decider {
 public:
  Decider(const PairSession& session, const JobRules& rules)
      : session_(session), rules_(rules), cases_(rounds_by_case(session)) {
    if (session_.header.looks.empty()) return;
    for (CaseRounds& c : cases_) {
      if (c.spec->reason.empty() && c.timed.empty()) c.metrics.insert(c.metrics.begin(), time_of(*c.spec));
    }
  }

  JobOutcome outcome() {
    const PairHeader& header = session_.header;
    JobOutcome outcome{.kind = "ab",
                       .machine_class = header.machine_class,
                       .suite = header.suite,
                       .seed = header.seed,
                       .rounds = header.rounds,
                       .looks = header.looks,
                       .strict = rules_.strict};
    for (const CaseRounds& c : cases_) {
      if (auto missing = left_out(c)) {
        outcome.left_out.push_back(std::move(*missing));
        continue;
      }
      for (const Metric metric : c.metrics) {
        Decision decision{
            .case_id = c.spec->id, .metric = metric, .not_gated = why_not_gated(c, metric, noise_of(c, metric))};
        decision.gated = decision.not_gated.empty();
        outcome.gated += decision.gated ? 1 : 0;
        outcome.decisions.push_back(std::move(decision));
      }
    }
    const double tail = tail_of(outcome.gated);
    for (Decision& decision : outcome.decisions) fill(decision, tail);
    add_notes(outcome);
    const std::vector<Difference> apart = differences(conditions_of(header.base), conditions_of(header.head));
    if (!apart.empty()) {
      outcome.notes.insert(outcome.notes.begin(), fmt::format("the builds differ: {}", differences_text(apart, false)));
    }
    return outcome;
  }

 private:
  const NoiseFigure* noise_of(const CaseRounds& c, Metric metric) const {
    return rules_.noise == nullptr ? nullptr : rules_.noise->find(c.spec->id, metric);
  }

  // Returns the rounds after which a figure is looked at. Counts that don't depend on timing need one look.
  std::vector<int> looks_of(Metric metric) const {
    const PairHeader& header = session_.header;
    if (header.looks.empty()) return {kAllRounds};
    if (metric == Metric::syscalls) return {counting_rounds(header)};
    return header.looks;
  }

  StageRounds stage_of(const CaseRounds& c, Metric metric, bool confirming) const {
    const std::vector<const LaunchPair*>& pairs = c.pairs_for(metric, confirming);
    const bool takes_all = session_.header.looks.empty();
    StageRounds stage{.reached = takes_all && !pairs.empty() ? kAllRounds : rounds_reached(pairs)};
    const auto usable = [this, &c, &pairs, metric](int rounds) { return usable_before(c, pairs, metric, rounds); };
    stage.estimate = [usable](int rounds, double tail) { return estimate(usable(rounds).ratios, tail); };
    stage.margin = [this, usable, noise = noise_of(c, metric), metric](int rounds, std::size_t n) {
      return margin_of(metric, noise == nullptr ? std::nullopt : noise->margin_for(n),
                       session_.header.clock.resolution_ns, arm_values(usable(rounds), metric).base.value_or(0));
    };
    return stage;
  }

  UsablePairs usable_before(const CaseRounds& c, const std::vector<const LaunchPair*>& pairs, Metric metric,
                            int rounds) const {
    return usable_pairs(pairs_before(pairs, rounds), metric, states_at(states_before(rounds), c.spec->placement));
  }

  // Returns the canary states that a look after so many rounds sees. Later rounds don't change them.
  const std::vector<StateRecord>& states_before(int rounds) const {
    const auto [known, is_new] = states_.try_emplace(rounds);
    if (!is_new) return known->second;
    std::vector<LaunchPair> seen;
    for (const LaunchPair& pair : session_.pairs) {
      if (pair.round < rounds || rounds == kAllRounds) seen.push_back(pair);
    }
    known->second = states_of(session_.header.cases, seen);
    return known->second;
  }

  void fill(Decision& decision, double tail) const {
    const CaseRounds& c = *std::find_if(cases_.begin(), cases_.end(),
                                        [&](const CaseRounds& p) { return p.spec->id == decision.case_id; });
    const Metric metric = decision.metric;
    const std::vector<int> looks = looks_of(metric);
    const StageRounds first = stage_of(c, metric, false), fresh = stage_of(c, metric, true);
    const FigureDecision decided = decide_at_looks(looks, tail, noise_of(c, metric), first, fresh);
    const auto rounds_of = [](const LookedAt& look, const std::vector<const LaunchPair*>& pairs) {
      return std::min(look.rounds, static_cast<int>(pairs.size()));
    };

    const std::vector<const LaunchPair*>& pairs = c.pairs_for(metric, false);
    const UsablePairs usable = usable_before(c, pairs, metric, decided.first.rounds);
    const ArmValues values = arm_values(usable, metric);
    for (const LaunchPair* pair : usable.pairs) decision.first_rounds.push_back(pair->round);
    decision.base = values.base;
    decision.head = values.head;
    decision.first = decided.first.estimate;
    decision.margin = decided.first.margin;
    decision.rounds = rounds_of(decided.first, pairs);
    decision.verdict = decided.verdict;
    if (decided.again) {
      decision.again = decided.again->estimate;
      decision.again_margin = decided.again->margin;
      decision.again_rounds = rounds_of(*decided.again, c.pairs_for(metric, true));
    }
    if (!session_.header.looks.empty()) decision.next = decided.next;
    decision.reason = reason_of(decision, decided, tail / static_cast<double>(looks.size()), first, fresh);
  }

  std::string reason_of(const Decision& decision, const FigureDecision& decided, double tail, const StageRounds& first,
                        const StageRounds& fresh) const {
    const auto begun = [](int reached, const std::optional<NextLook>& next) {
      return reached > 0 && next ? fmt::format(": {} of {} rounds", reached, next->rounds) : "";
    };
    switch (decision.verdict) {
      case FigureVerdict::unstable:
        return fmt::format("identical builds scatter by more than {}; {} in this job", percent(kUnstableSpread),
                           percent(decision.first.spread));
      case FigureVerdict::candidate:
        return "not measured again yet" + begun(fresh.reached, decision.next);
      case FigureVerdict::unconfirmed:
        return "fresh rounds lie within the margin";
      case FigureVerdict::inconclusive:
        break;
      default:
        return "";
    }
    if (decided.again) {
      return fmt::format("worse at first; in fresh rounds {}",
                         decided.again->verdict == FigureVerdict::improved
                             ? "better: they contradict each other"
                             : why_undecided(*decision.again, decision.again_margin, tail));
    }
    if (decided.first.rounds == 0 && decision.next)
      return "the first look was not reached" + begun(first.reached, decision.next);
    return why_undecided(decision.first, decision.margin, tail);
  }

  void add_notes(JobOutcome& outcome) const {
    std::size_t calibrated = 0, advice = 0;
    for (const Decision& decision : outcome.decisions) {
      if (!decision.gated || rules_.noise == nullptr) continue;
      const NoiseFigure* noise = rules_.noise->find(decision.case_id, decision.metric);
      if (noise == nullptr || !noise->margin) continue;
      ++calibrated;
      advice += noise->pairs >= kPairsForMargin ? 0 : 1;
    }
    outcome.calibration = fmt::format(
        "margins: {} of {} gated figures calibrated on this machine class, at least {} of a time "
        "and {} of a count",
        calibrated, outcome.gated, percent(least_change(Metric::rtt_p50)), percent(least_change(Metric::syscalls)));
    if (advice > 0) {
      outcome.calibration += fmt::format("; {} from fewer than {} pairs: such a margin can leave a figure undecided",
                                         advice, kPairsForMargin);
    }
    for (const CaseRounds& c : cases_) add_notes_on(c, outcome);
  }

  void add_notes_on(const CaseRounds& c, JobOutcome& outcome) const {
    const StateRecord* states = states_at(states_before(kAllRounds), c.spec->placement);
    const auto note = [&](const char* format_text, std::size_t count, std::size_t of) {
      if (count > 0) outcome.notes.push_back(fmt::format("{}: {} of {} pairs {}", c.spec->id, count, of, format_text));
    };
    const UsablePairs usable = usable_pairs(c.timed, Metric::rtt_p50, states);
    note("left out: a launch broke", usable.broken, c.timed.size());
    note("left out: the two arms saw different canary states", usable.other_state, c.timed.size());
    note("left out: limits of the host changed the two arms differently", usable.other_limits, c.timed.size());
    note("were changed by limits of the host, in both arms alike: see limits_met of the pairs", usable.limited,
         c.timed.size());
    for (const LaunchPair* pair : c.counted) {
      for (const LaunchMetrics* launch_metrics : {&pair->base, &pair->head}) {
        if (launch_metrics->status == Status::ok) continue;
        outcome.notes.push_back(fmt::format("{}: system calls not counted: {}", c.spec->id, launch_metrics->reason));
        return;
      }
    }
  }

  const PairSession& session_;
  const JobRules& rules_;
  std::vector<CaseRounds> cases_;
  mutable std::map<int, std::vector<StateRecord>> states_;  // by rounds: see states_before()
};

}  // namespace

std::string why_not_gated(const CaseRounds& c, Metric metric, const NoiseFigure* noise) {
  if (metric == Metric::cpu_time) return "reported only";
  const bool has_calls = std::find(c.metrics.begin(), c.metrics.end(), Metric::syscalls) != c.metrics.end();
  if (metric == Metric::switches && has_calls) return "system calls are gated in its place";
  if (noise != nullptr && noise->is_settled()) {
    if (*noise->spread <= kUnstableSpread) return "";
    return fmt::format("identical builds scatter by {}, more than {}", percent(*noise->spread),
                       percent(kUnstableSpread));
  }
  const PairedCase& spec = *c.spec;
  const bool gates_by_itself = traffic_of(spec.scenario) == Traffic::round_trips && spec.wait == WaitStrategy::block &&
                               spec.placement == Placement::same_cpu;
  return gates_by_itself ? "" : "gated only where calibrated: this is not a blocking round trip on one CPU";
}

JobOutcome decide_job(const PairSession& session, const JobRules& rules) { return Decider(session, rules).outcome(); }

}  // namespace ipcbench

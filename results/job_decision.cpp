#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "results/case_pairs.h"
#include "results/figures/comparability.h"
#include "results/job_report.h"
#include "results/states.h"
#include "results/statistics.h"
#include "results/summary.h"

namespace ipcbench {
namespace {

// One launch that broke may be the machine's fault; two of one arm are not. A wrong message always is the arm's.
constexpr int kBrokenToLeaveOut = 2;

std::optional<LeftOut> broken_arm(const CasePairs& c) {
  for (const bool is_head : {false, true}) {
    int broken = 0;
    for (const auto* pairs : {&c.timed, &c.timed_again}) {
      for (const SamplePair* pair : *pairs) {
        const Sample& sample = is_head ? pair->head : pair->base;
        if (sample.status == Status::ok) continue;
        if (sample.status != Status::invalid && ++broken < kBrokenToLeaveOut) continue;
        return LeftOut{c.spec->id, LeftOutKind::broken, sample.status,
                       fmt::format("{}: {}", is_head ? "head" : "base", sample.reason)};
      }
    }
  }
  return std::nullopt;
}

std::optional<LeftOut> left_out(const CasePairs& c) {
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

std::string why_undecided(const Estimate& estimate, const Margin& margin, std::size_t gated) {
  if (!estimate.interval) {
    return fmt::format("{} usable pairs: an interval at this level needs {}", estimate.n, least_rounds(gated));
  }
  if (margin.advice > margin.value) {
    return fmt::format("the interval is not clear of {}, a margin learnt from fewer than {} pairs",
                       percent(margin.advice), kPairsForMargin);
  }
  return "the interval crosses the margin";
}

class Decider {
 public:
  Decider(const PairSession& session, const JobRules& rules)
      : session_(session),
        rules_(rules),
        cases_(by_case(session)),
        states_(states_of(session.header.cases, session.pairs)) {}

  JobReport report() {
    const PairHeader& header = session_.header;
    JobReport report{.kind = "ab",
                     .machine_class = header.machine_class,
                     .suite = header.suite,
                     .seed = header.seed,
                     .rounds = header.rounds,
                     .strict = rules_.strict};
    for (const CasePairs& c : cases_) {
      if (auto missing = left_out(c)) {
        report.left_out.push_back(std::move(*missing));
        continue;
      }
      for (const Metric metric : c.metrics) {
        Decision decision{
            .case_id = c.spec->id, .metric = metric, .not_gated = why_not_gated(c, metric, noise_of(c, metric))};
        decision.gated = decision.not_gated.empty();
        report.gated += decision.gated ? 1 : 0;
        report.decisions.push_back(std::move(decision));
      }
    }
    const double tail = tail_of(report.gated);
    for (Decision& decision : report.decisions) fill(decision, tail, report.gated);
    add_notes(report);
    const std::vector<Difference> apart = differences(conditions_of(header.base), conditions_of(header.head));
    if (!apart.empty()) {
      report.notes.insert(report.notes.begin(), fmt::format("the builds differ: {}", text_of(apart, false)));
    }
    return report;
  }

 private:
  const NoiseFigure* noise_of(const CasePairs& c, Metric metric) const {
    return rules_.noise == nullptr ? nullptr : rules_.noise->find(c.spec->id, metric);
  }

  void fill(Decision& decision, double tail, std::size_t gated) const {
    const CasePairs& c =
        *std::find_if(cases_.begin(), cases_.end(), [&](const CasePairs& p) { return p.spec->id == decision.case_id; });
    const StateRecord* states = states_at(states_, c.spec->placement);
    const NoiseFigure* noise = noise_of(c, decision.metric);
    const auto& first = c.pairs_for(decision.metric, false);
    const auto& again = c.pairs_for(decision.metric, true);
    const UsablePairs usable = usable_pairs(first, decision.metric, states);
    const ArmValues values = arm_values(usable, decision.metric);
    decision.base = values.base;
    decision.head = values.head;
    decision.first = estimate(usable.ratios, tail);
    const auto margin_for = [&](const Estimate& estimate_of) {
      return margin_of(decision.metric, noise == nullptr ? std::nullopt : noise->margin_for(estimate_of.n),
                       session_.header.clock.resolution_ns, decision.base.value_or(0));
    };
    decision.margin = margin_for(decision.first);
    decision.verdict = decide(decision.first, decision.margin);

    if (is_unstable(decision.first, noise)) {
      decision.verdict = FigureVerdict::unstable;
      decision.reason = fmt::format("identical builds scatter by more than {}; {} in this job",
                                    percent(kUnstableSpread), percent(decision.first.spread));
      return;
    }
    if (decision.verdict == FigureVerdict::inconclusive) {
      decision.reason = why_undecided(decision.first, decision.margin, gated);
    }
    if (decision.verdict != FigureVerdict::candidate) return;
    if (again.empty()) {
      decision.reason = "not measured again yet";
      return;
    }
    decision.again = estimate(usable_pairs(again, decision.metric, states).ratios, tail);
    decision.again_margin = margin_for(*decision.again);
    const FigureVerdict fresh = decide(*decision.again, decision.again_margin);
    decision.verdict = confirmed(fresh);
    if (decision.verdict == FigureVerdict::unconfirmed) decision.reason = "fresh rounds lie within the margin";
    if (decision.verdict != FigureVerdict::inconclusive) return;
    decision.reason =
        fmt::format("worse at first; in fresh rounds {}",
                    fresh == FigureVerdict::improved ? "better: they contradict each other"
                                                     : why_undecided(*decision.again, decision.again_margin, gated));
  }

  void add_notes(JobReport& report) const {
    std::size_t calibrated = 0, advice = 0;
    for (const Decision& decision : report.decisions) {
      if (!decision.gated || rules_.noise == nullptr) continue;
      const NoiseFigure* noise = rules_.noise->find(decision.case_id, decision.metric);
      if (noise == nullptr || !noise->margin) continue;
      ++calibrated;
      advice += noise->pairs >= kPairsForMargin ? 0 : 1;
    }
    report.calibration = fmt::format(
        "margins: {} of {} gated figures calibrated on this machine class, at least {} of a time "
        "and {} of a count",
        calibrated, report.gated, percent(least_change(Metric::rtt_p50)), percent(least_change(Metric::syscalls)));
    if (advice > 0) {
      report.calibration += fmt::format("; {} from fewer than {} pairs: such a margin can leave a figure undecided",
                                        advice, kPairsForMargin);
    }
    for (const CasePairs& c : cases_) add_notes_on(c, report);
  }

  void add_notes_on(const CasePairs& c, JobReport& report) const {
    const StateRecord* states = states_at(states_, c.spec->placement);
    const auto note = [&](const char* format_text, std::size_t count, std::size_t of) {
      if (count > 0) report.notes.push_back(fmt::format("{}: {} of {} pairs {}", c.spec->id, count, of, format_text));
    };
    const UsablePairs usable = usable_pairs(c.timed, Metric::rtt_p50, states);
    note("left out: a launch broke", usable.broken, c.timed.size());
    note("left out: the two arms saw different canary states", usable.other_state, c.timed.size());
    note("left out: limits of the host changed the two arms differently", usable.other_limits, c.timed.size());
    note("were changed by limits of the host, in both arms alike: see limits_met of the pairs", usable.limited,
         c.timed.size());
    for (const SamplePair* pair : c.counted) {
      for (const Sample* sample : {&pair->base, &pair->head}) {
        if (sample->status == Status::ok) continue;
        report.notes.push_back(fmt::format("{}: system calls not counted: {}", c.spec->id, sample->reason));
        return;
      }
    }
  }

  const PairSession& session_;
  const JobRules& rules_;
  std::vector<CasePairs> cases_;
  std::vector<StateRecord> states_;
};

}  // namespace

std::string why_not_gated(const CasePairs& c, Metric metric, const NoiseFigure* noise) {
  if (metric == Metric::cpu_time) return "reported only";
  const bool has_calls = std::find(c.metrics.begin(), c.metrics.end(), Metric::syscalls) != c.metrics.end();
  if (metric == Metric::switches && has_calls) return "system calls are gated in its place";
  if (noise != nullptr && noise->is_settled()) {
    if (*noise->spread <= kUnstableSpread) return "";
    return fmt::format("identical builds scatter by {}, more than {}", percent(*noise->spread),
                       percent(kUnstableSpread));
  }
  const PairedCase& spec = *c.spec;
  const bool gates_by_itself = spec.scenario == kPingPong && spec.wait == "block" && spec.placement == "same-cpu";
  return gates_by_itself ? "" : "gated only where calibrated: this is not a blocking round trip on one CPU";
}

JobReport decide_job(const PairSession& session, const JobRules& rules) { return Decider(session, rules).report(); }

}  // namespace ipcbench

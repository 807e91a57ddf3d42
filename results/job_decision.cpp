#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "results/case_pairs.h"
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
        return LeftOut{c.spec->id, sample.status, fmt::format("{}: {}", is_head ? "head" : "base", sample.reason)};
      }
    }
  }
  return std::nullopt;
}

std::optional<LeftOut> left_out(const CasePairs& c) {
  if (!c.spec->reason.empty()) return LeftOut{c.spec->id, Status::skipped, c.spec->reason};
  if (auto broken = broken_arm(c)) return broken;
  if (c.metrics.empty()) return LeftOut{c.spec->id, Status::skipped, "no pair of sound launches"};
  return std::nullopt;
}

std::string percent(double log_ratio) { return fmt::format("{:.1f} %", 100 * log_ratio); }

std::optional<double> middle(const std::vector<const SamplePair*>& pairs, Metric metric, Sample SamplePair::*arm) {
  std::vector<double> values;
  for (const SamplePair* pair : pairs) {
    if (log_ratio(*pair, metric)) values.push_back(*(pair->*arm).value(metric));
  }
  return values.empty() ? std::nullopt : std::optional(median(values));
}

std::string why_undecided(const Decision& decision, std::size_t gated) {
  const Estimate& last = decision.last();
  if (last.interval) return "the interval crosses the margin";
  return fmt::format("{} usable pairs: an interval at this level needs {}", last.n, least_rounds(gated));
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
    decision.base = middle(first, decision.metric, &SamplePair::base);
    decision.head = middle(first, decision.metric, &SamplePair::head);
    decision.first = estimate(usable_ratios(first, decision.metric, states).values, tail);
    decision.margin = margin_of(decision.metric, noise, session_.header.clock.resolution_ns, decision.base.value_or(0));
    decision.verdict = decide(decision.first, decision.margin.value);

    if (is_unstable(decision.first, noise)) {
      decision.verdict = FigureVerdict::unstable;
      decision.reason = fmt::format("identical builds scatter by more than {}; {} in this job",
                                    percent(kUnstableSpread), percent(decision.first.spread));
      return;
    }
    if (decision.verdict == FigureVerdict::candidate && !again.empty()) {
      decision.again = estimate(usable_ratios(again, decision.metric, states).values, tail);
      const bool again_worse = decide(*decision.again, decision.margin.value) == FigureVerdict::candidate;
      decision.verdict = again_worse ? FigureVerdict::regressed : FigureVerdict::unconfirmed;
      if (!again_worse) decision.reason = "fresh rounds did not show it again";
    }
    if (decision.verdict == FigureVerdict::candidate) decision.reason = "not measured again yet";
    if (decision.verdict == FigureVerdict::inconclusive) decision.reason = why_undecided(decision, gated);
  }

  void add_notes(JobReport& report) const {
    std::size_t calibrated = 0, advice = 0;
    for (const Decision& decision : report.decisions) {
      if (!decision.gated || rules_.noise == nullptr) continue;
      const NoiseFigure* noise = rules_.noise->find(decision.case_id, decision.metric);
      if (noise == nullptr || !noise->margin) continue;
      ++calibrated;
      advice += noise->is_settled() ? 0 : 1;
    }
    report.calibration = fmt::format(
        "margins: {} of {} gated figures calibrated on this machine class, at least {} of a time "
        "and {} of a count",
        calibrated, report.gated, percent(least_change(Metric::rtt_p50)), percent(least_change(Metric::syscalls)));
    if (advice > 0) report.calibration += fmt::format("; {} from too few pairs, which is advice", advice);
    for (const CasePairs& c : cases_) add_notes_on(c, report);
  }

  void add_notes_on(const CasePairs& c, JobReport& report) const {
    const StateRecord* states = states_at(states_, c.spec->placement);
    const auto note = [&](const char* format_text, std::size_t count, std::size_t of) {
      if (count > 0) report.notes.push_back(fmt::format("{}: {} of {} pairs {}", c.spec->id, count, of, format_text));
    };
    const UsableRatios usable = usable_ratios(c.timed, Metric::rtt_p50, states);
    note("left out: a launch broke", usable.broken, c.timed.size());
    note("left out: the two arms saw different canary states", usable.other_state, c.timed.size());
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

#include "results/gate/result_diff.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "results/compare/comparability.h"
#include "results/compare/looks.h"
#include "results/figures/pass_values.h"
#include "results/figures/states.h"
#include "results/figures/statistics.h"
#include "results/figures/summary.h"
#include "results/model/utf8.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

const CaseRecord* find_case(const Result& result, const std::string& id) {
  const auto found =
      std::find_if(result.cases.begin(), result.cases.end(), [&](const CaseRecord& c) { return c.id == id; });
  return found == result.cases.end() ? nullptr : &*found;
}

// Returns the values of the launches behind a case's figures, from the run's first `passes`. System calls come from the
// launch that counted them.
std::vector<PassValue> pass_values_of(const CaseRecord& c, Metric metric, int passes = kAllRounds) {
  std::vector<PassValue> values;
  const auto add = [&](const LaunchRecord& launch) {
    const LaunchMetrics launch_metrics = metrics_of(launch);
    const auto& value = launch_metrics.value(metric);
    if (launch_metrics.status == Status::ok && value) values.push_back({launch.pass, *value});
  };
  if (metric == Metric::syscalls) {
    if (c.counted) add(*c.counted);
    return values;
  }
  for (const LaunchRecord& launch : c.launches) {
    if (launch.used && launch.pass < passes) add(launch);
  }
  return values;
}

std::vector<double> values_of(const CaseRecord& c, Metric metric, int passes = kAllRounds) {
  std::vector<double> values;
  for (const PassValue& one : pass_values_of(c, metric, passes)) values.push_back(one.value);
  return values;
}

std::vector<double> logs_of(const CaseRecord& c, Metric metric, int passes = kAllRounds) {
  std::vector<double> logs;
  for (const double value : values_of(c, metric, passes)) {
    const double log = std::log(is_count(metric) ? std::max(value, kLeastCount) : value);
    if (std::isfinite(log)) logs.push_back(log);
  }
  return logs;
}

std::vector<Metric> metrics_in_both(const CaseRecord& base, const CaseRecord& head) {
  const bool by_mean = base.summary.p50_from_mean || head.summary.p50_from_mean ||
                       logs_of(base, Metric::rtt_p50).empty() || logs_of(head, Metric::rtt_p50).empty();
  std::vector<Metric> metrics;
  for (const Metric metric : kMetrics) {
    if (metric == (by_mean ? Metric::rtt_p50 : Metric::rtt_mean)) continue;
    if (!logs_of(base, metric).empty() && !logs_of(head, metric).empty()) metrics.push_back(metric);
  }
  return metrics;
}

// Compares one head with the base. The gated figures of all heads must be known before any is decided.
class HeadDiff {
 public:
  HeadDiff(const Result& base, const ResultDiffHead& head, const ResultDiffRules& rules)
      : base_(base), head_(*head.result), name_(head.name), lacks_(head.lacks), rules_(rules) {
    // What else differs forbids the comparison of a case (differences_of_cases), or changes no figure.
    std::vector<Difference> apart = margin_differences(conditions_of(base_), conditions_of(head_));
    std::erase_if(apart,
                  [](const Difference& d) { return d.aspect != Aspect::block && d.aspect != Aspect::build_type; });
    beyond_margins_ = differences_text(apart, true);
    if (rules.reference.empty()) return;
    base_reference_.emplace(base_, rules.reference, "the baseline");
    head_reference_.emplace(head_, rules.reference, "what is compared with it");
  }

  // Collects the figures that can be decided and the cases that are left out.
  void collect(JobOutcome& outcome) {
    add_differences_of_runs(outcome);
    for (const CaseRecord& head : head_.cases) {
      if (is_reference(head)) continue;
      const CaseRecord* base = find_case(base_, head.id);
      if (base != nullptr) {
        add_case(*base, head, outcome);
      } else {
        leave_out(outcome, head, LeftOutKind::missing, "the base has no such case" + measured_as(head));
      }
    }
    for (const CaseRecord& base : base_.cases) {
      if (find_case(head_, base.id) == nullptr) add_missing(base, outcome);
    }
    for (Decision& decision : decisions_) decision.of = name_;
    for (const auto& [difference, ids] : stated_) {
      outcome.notes.push_back(
          of_head(ids.size() == 1 ? fmt::format("{}: {}", ids.front(), difference)
                                  : fmt::format("{} cases, such as {}: {}", ids.size(), ids.front(), difference)));
    }
    if (base_reference_) {
      outcome.notes.push_back(of_head(
          fmt::format("times are compared as multiples of {}'s of the same file; those of the head are shown as if {} "
                      "had not changed",
                      printable(rules_.reference), printable(rules_.reference))));
    }
    outcome.gated += static_cast<std::size_t>(std::ranges::count_if(decisions_, &Decision::gated));
  }

  void decide(JobOutcome& outcome, double tail) {
    for (Decision& decision : decisions_) {
      fill(decision, tail);
      outcome.decisions.push_back(std::move(decision));
    }
  }

  // Counts the gated figures with a margin between runs.
  std::size_t calibrated() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        decisions_, [&](const Decision& d) { return d.gated && run_margin(d.case_id, d.metric).has_value(); }));
  }

 private:
  std::string of_head(std::string text) const { return name_.empty() ? text : fmt::format("{}: {}", name_, text); }

  void leave_out(JobOutcome& outcome, const CaseRecord& c, LeftOutKind kind, std::string reason) const {
    const Status status = kind == LeftOutKind::broken ? c.status : Status::skipped;
    outcome.left_out.push_back({c.id, kind, status, of_head(std::move(reason))});
  }

  // Notes the differences between the two runs as a whole. A different host was refused before, unless the report is
  // advisory.
  void add_differences_of_runs(JobOutcome& outcome) const {
    std::vector<Difference> apart = differences(conditions_of(base_), conditions_of(head_));
    std::erase_if(apart, [](const Difference& d) { return !is_of_the_host(d.aspect) && d.forbids; });
    for (Difference& difference : apart) difference.forbids = false;
    if (!apart.empty()) {
      outcome.notes.insert(outcome.notes.begin(), of_head(fmt::format("measured under different conditions: {}",
                                                                      differences_text(apart, false))));
    }
  }

  void add_missing(const CaseRecord& base, JobOutcome& outcome) const {
    if (base.status != Status::ok) {
      return leave_out(outcome, base, LeftOutKind::skipped,
                       fmt::format("base: {}: {}", ipcbench::to_string(base.status), printable(base.reason)));
    }
    const auto why = lacks_.find(base.id);
    leave_out(outcome, base, LeftOutKind::missing,
              why == lacks_.end() ? "the head has no such case" + measured_as(base) : why->second);
  }

  // Explains a case that only one side has: one host's limit changed, or one version refused larger messages.
  static std::string measured_as(const CaseRecord& c) {
    const std::string largest = at_largest_text(c).english;
    return largest.empty() ? "" : fmt::format(" ({})", printable(largest));
  }

  // Advice is given across hosts.
  std::vector<Difference> differences_of_cases(const CaseRecord& base, const CaseRecord& head) const {
    std::vector<Difference> apart = differences(conditions_of(base_, base), conditions_of(head_, head));
    if (rules_.advisory) std::erase_if(apart, [](const Difference& d) { return is_of_the_host(d.aspect); });
    return apart;
  }

  void add_case(const CaseRecord& base, const CaseRecord& head, JobOutcome& outcome) {
    for (const auto& [name, c] : {std::pair("base", &base), std::pair("head", &head)}) {
      if (c->status == Status::ok) continue;
      const LeftOutKind kind = c->status == Status::skipped ? LeftOutKind::skipped : LeftOutKind::broken;
      return leave_out(outcome, *c, kind, fmt::format("{}: {}", name, printable(c->reason)));
    }
    if (head.rate_per_s != base.rate_per_s) {
      return leave_out(outcome, head, LeftOutKind::skipped,
                       "its rate is a share of each run's own saturation; a given rate (rate=20k) can be compared");
    }
    const std::vector<Difference> apart = differences_of_cases(base, head);
    if (std::string why = differences_text(apart, true); !why.empty()) {
      return leave_out(outcome, head, LeftOutKind::not_comparable,
                       fmt::format("not measured alike (base and head): {}", why));
    }
    for (const Difference& difference : apart) {
      if (difference.aspect == Aspect::buffers) stated_["other " + difference.text.english].push_back(head.id);
    }
    for (const Difference& difference : half_known(conditions_of(base_, base), conditions_of(head_, head))) {
      stated_["known of one side only: " + difference.text.english].push_back(head.id);
    }
    if (base_reference_) {
      const CaseRecord* const base_row = row_of(*base_reference_, base);
      const CaseRecord* const head_row = row_of(*head_reference_, head);
      if (base_row == nullptr || head_row == nullptr) {
        return leave_out(outcome, head, LeftOutKind::missing,
                         fmt::format("no row of {} to compare it with", printable(rules_.reference)));
      }
      if (std::string why = differences_text(differences_of_cases(*base_row, *head_row), true); !why.empty()) {
        return leave_out(
            outcome, head, LeftOutKind::not_comparable,
            fmt::format("{} was not measured alike (base and head): {}", printable(rules_.reference), why));
      }
    }
    const PairedCase spec{.id = head.id,
                          .scenario = head.scenario,
                          .transport = head.transport,
                          .wait = head.wait,
                          .placement = head.placement};
    const CaseRounds c{.spec = &spec, .metrics = metrics_in_both(base, head)};
    if (c.metrics.empty()) return leave_out(outcome, head, LeftOutKind::skipped, "no figure that both have");
    for (const Metric metric : c.metrics) {
      Decision decision{
          .case_id = head.id, .metric = metric, .not_gated = why_not_gated(c, metric, noise_of(head.id, metric))};
      if (decision.not_gated.empty() && !run_margin(head.id, metric) && !rules_.advisory) {
        decision.not_gated = "not calibrated between runs";
        if (!beyond_margins_.empty()) decision.not_gated += fmt::format(" for this head: {}", beyond_margins_);
      }
      decision.gated = decision.not_gated.empty();
      decisions_.push_back(std::move(decision));
    }
  }

  const NoiseFigure* noise_of(const std::string& case_id, Metric metric) const {
    return rules_.noise == nullptr ? nullptr : rules_.noise->find(case_id, metric);
  }

  // Ignores a margin learnt from too few runs, whatever the file says, and one that was learnt for the base's kind of
  // run if the head is of another.
  std::optional<LearntMargin> run_margin(const std::string& case_id, Metric metric) const {
    const NoiseFigure* noise = noise_of(case_id, metric);
    if (!beyond_margins_.empty()) return std::nullopt;
    if (noise == nullptr || !noise->run_margin || noise->runs < kRunsForMargin) return std::nullopt;
    return LearntMargin{*noise->run_margin, true};
  }

  // Returns the head's launches after which a figure is looked at: a `check` may have gone on. A run that goes on for
  // its precision stops by the width of its intervals alone, and is looked at once.
  std::vector<int> looks_of(Metric metric) const {
    const bool has_looks = head_.looks.size() > 1 && !head_.precision && metric != Metric::syscalls;
    return has_looks ? head_.looks : std::vector<int>{kAllRounds};
  }

  // Returns how many passes of the head a look after so many launches sees.
  int passes_of_look(int launches) const {
    const auto look = std::ranges::find(head_.looks, launches);
    return launches == kAllRounds ? kAllRounds
                                  : passes_seen(head_.looks, static_cast<std::size_t>(look - head_.looks.begin()));
  }

  // Returns the last look that the case has reached: one whose last pass measured it.
  int launches_reached(const CaseRecord& head, const std::vector<int>& looks) const {
    int last_pass = 0;
    for (const LaunchRecord& launch : head.launches) last_pass = std::max(last_pass, launch.pass);
    int reached = looks.front();
    for (const int look : looks) {
      if (look != looks.front() && last_pass + 1 >= passes_of_look(look)) reached = look;
    }
    return reached;
  }

  // Returns whether a case is its own reference row: its ratio would always be 1.
  bool is_reference(const CaseRecord& head) const { return head_reference_ && row_of(*head_reference_, head) == &head; }

  // Returns the reference row. A named case stands for the speed of its run and applies to every case; a transport's
  // row only to cases like it.
  static const CaseRecord* row_of(const Reference& reference, const CaseRecord& c) {
    return reference.only_case() != nullptr ? reference.only_case() : reference.row_for(c);
  }

  // Returns the metric to read off the reference rows: the same one if both have it, else the time of an op.
  static Metric yardstick_for(Metric metric, const CaseRecord& base_row, const CaseRecord& head_row) {
    for (const Metric known : {metric, Metric::rtt_mean, Metric::message_time, Metric::connect_time}) {
      if (!logs_of(base_row, known).empty() && !logs_of(head_row, known).empty()) return known;
    }
    return metric;
  }

  // A figure of one side, from the first passes of its run.
  struct PassFigures {
    std::vector<double> values, logs;
    std::vector<double> reference_logs = {};  // empty: no reference
    std::optional<Ratio> times = {};
  };
  static PassFigures pass_figures_of(const CaseRecord& c, Metric metric, const CaseRecord* row, Metric yardstick,
                                     int passes = kAllRounds) {
    PassFigures figures{.values = values_of(c, metric, passes), .logs = logs_of(c, metric, passes)};
    if (row == nullptr) return figures;
    figures.reference_logs = logs_of(*row, yardstick, passes);
    figures.times = ratio_of(pass_values_of(c, metric, passes), pass_values_of(*row, yardstick, passes));
    return figures;
  }

  Estimate difference(const PassFigures& base, const PassFigures& head, Metric metric, double tail) const {
    if (head.logs.empty()) return {};
    if (metric == Metric::syscalls) {  // counted, not drawn
      const double counted = head.logs.front() - base.logs.front();
      return {.n = 1, .median = counted, .interval = Interval{counted, counted}};
    }
    return bootstrap_difference({.base = base.logs,
                                 .head = head.logs,
                                 .base_reference = base.reference_logs,
                                 .head_reference = head.reference_logs,
                                 .resamples = rules_.resamples},
                                tail, rules_.seed);
  }

  // One figure of a case that both sides have.
  struct Compared {
    Metric metric;
    const CaseRecord& head;
    const CaseRecord* head_row;  // of reference; nullptr: figures are compared as they are
    Metric yardstick;            // what is read off the rows of reference
    PassFigures base;            // all launches that count
  };
  Compared compared_by(const Decision& decision) const {
    const CaseRecord& base = *find_case(base_, decision.case_id);
    const CaseRecord& head = *find_case(head_, decision.case_id);
    const bool is_relative = base_reference_ && !is_count(decision.metric);
    const CaseRecord* base_row = is_relative ? row_of(*base_reference_, base) : nullptr;
    const CaseRecord* head_row = is_relative ? row_of(*head_reference_, head) : nullptr;
    const Metric yardstick = is_relative ? yardstick_for(decision.metric, *base_row, *head_row) : decision.metric;
    return {.metric = decision.metric,
            .head = head,
            .head_row = head_row,
            .yardstick = yardstick,
            .base = pass_figures_of(base, decision.metric, base_row, yardstick)};
  }

  // The head's figure as a look after so many launches sees it.
  PassFigures head_after(const Compared& figure, int launches) const {
    return pass_figures_of(figure.head, figure.metric, figure.head_row, figure.yardstick, passes_of_look(launches));
  }

  // `figure` must outlive what is returned.
  StageRounds launches_of(const Compared& figure, const std::vector<int>& looks) const {
    const double step = std::max(base_.clock.resolution_ns, head_.clock.resolution_ns);
    const Margin margin =
        margin_of(figure.metric, run_margin(figure.head.id, figure.metric), step, median(figure.base.values));
    return {.reached = launches_reached(figure.head, looks),
            .estimate =
                [this, &figure](int launches, double tail) {
                  return difference(figure.base, head_after(figure, launches), figure.metric, tail);
                },
            .margin = [margin](int, std::size_t) { return margin; }};
  }

  // With a reference the head's value is shown as if that had not changed, as the change is.
  static void show_values(Decision& decision, const PassFigures& base, const PassFigures& head) {
    decision.base = median(base.values);
    if (!head.values.empty()) decision.head = median(head.values);
    if (decision.head && !base.reference_logs.empty() && !head.reference_logs.empty())
      *decision.head *= std::exp(median(base.reference_logs) - median(head.reference_logs));
    decision.base_times = base.times;
    decision.head_times = head.times;
  }

  // Says why a figure is inconclusive, and what would decide it.
  static void explain_undecided(Decision& decision, const PassFigures& base, const PassFigures& head,
                                const std::optional<NextLook>& next) {
    // More launches of the head don't help if the base has too few.
    const std::size_t base_launches = base.logs.size();
    if (base_launches >= kLeastForInterval) decision.next = next;
    decision.reason = decision.first.interval ? "the interval crosses the margin"
                                              : fmt::format("{} and {} launches: an interval needs {}", base_launches,
                                                            head.values.size(), kLeastForInterval);
  }

  void fill(Decision& decision, double tail) const {
    const Compared figure = compared_by(decision);
    const std::vector<int> looks = looks_of(figure.metric);
    const FigureDecision decided = decide_at_looks(looks, tail, nullptr, launches_of(figure, looks), {});
    const PassFigures head = head_after(figure, decided.first.rounds);
    show_values(decision, figure.base, head);
    decision.first = decided.first.estimate;
    decision.margin = decided.first.margin;
    decision.rounds = static_cast<int>(head.values.size());
    decision.verdict = decided.verdict;
    // Stored results can't be measured again, so that a candidate is final.
    if (decision.verdict == FigureVerdict::candidate) decision.verdict = FigureVerdict::regressed;
    if (decision.verdict == FigureVerdict::inconclusive) explain_undecided(decision, figure.base, head, decided.next);
  }

  const Result& base_;
  const Result& head_;
  std::string name_;
  const std::map<std::string, std::string>& lacks_;
  const ResultDiffRules& rules_;
  std::string beyond_margins_;  // how the head differs from what the base's margins were learnt for
  std::optional<Reference> base_reference_, head_reference_;
  std::vector<Decision> decisions_;
  std::map<std::string, std::vector<std::string>> stated_;  // cases by what is said of them
};

}  // namespace

bool has_run_margins(const NoiseModel& model) noexcept {
  return std::any_of(model.figures.begin(), model.figures.end(), [](const NoiseFigure& f) { return f.run_margin; });
}

JobOutcome diff_results(const Result& base, std::span<const ResultDiffHead> heads, const ResultDiffRules& rules) {
  JobOutcome outcome{.kind = "compare", .seed = rules.seed, .strict = rules.strict, .advisory = rules.advisory};
  std::vector<HeadDiff> diffs;
  for (const ResultDiffHead& head : heads) {
    outcome.machine_class = head.result->machine.machine_class;
    outcome.suite = head.result->suite;
    if (!head.result->precision) outcome.looks = head.result->looks;
    diffs.emplace_back(base, head, rules).collect(outcome);
  }
  std::size_t calibrated = 0;
  for (HeadDiff& diff : diffs) {
    calibrated += diff.calibrated();
    diff.decide(outcome, tail_of(outcome.gated));
  }
  outcome.calibration = fmt::format("margins: {} of {} gated figures calibrated between runs of this machine class{}",
                                    calibrated, outcome.gated, rules.advisory ? "; advisory: nothing fails" : "");
  return outcome;
}

}  // namespace ipcbench

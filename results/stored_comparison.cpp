#include "results/stored_comparison.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/measure/mix.h"
#include "harness/os/usage_error.h"
#include "results/states.h"
#include "results/statistics.h"
#include "results/summary.h"
#include "results/utf8.h"

namespace ipcbench {
namespace {

constexpr std::size_t kLeastLaunches = 6;
constexpr double kLeastStoredCount = 0.001;

double median_of_resample(std::span<const double> values, std::vector<double>& buffer, SplitMix64& random) {
  buffer.resize(values.size());
  for (double& value : buffer) value = values[random.below(values.size())];
  return median(buffer);
}

const CaseRecord* find_case(const Result& result, const std::string& id) {
  const auto found =
      std::find_if(result.cases.begin(), result.cases.end(), [&](const CaseRecord& c) { return c.id == id; });
  return found == result.cases.end() ? nullptr : &*found;
}

// Of the launches that the case's figures come from; system calls from the launch that counted them.
std::vector<double> values_of(const CaseRecord& c, Metric metric) {
  std::vector<double> values;
  const auto add = [&](const LaunchRecord& launch) {
    const Sample sample = sample_of(launch);
    if (const auto& value = sample.value(metric); sample.status == Status::ok && value) values.push_back(*value);
  };
  if (metric == Metric::syscalls) {
    if (c.counted) add(*c.counted);
    return values;
  }
  for (const LaunchRecord& launch : c.launches) {
    if (launch.used) add(launch);
  }
  return values;
}

std::vector<double> logs_of(const CaseRecord& c, Metric metric) {
  std::vector<double> logs;
  for (const double value : values_of(c, metric)) {
    const double log = std::log(is_count(metric) ? std::max(value, kLeastStoredCount) : value);
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

// Where the canary of the used state lay; none without canaries.
std::optional<Interval> used_cluster(const Result& result, const std::string& placement) {
  const StateRecord* states = states_at(result.states, placement);
  if (states == nullptr) return std::nullopt;
  for (const auto& [name, range] : states->clusters_ns) {
    if (name == states->used) return range;
  }
  return std::nullopt;
}

bool in_same_state(const Result& base, const Result& head, const std::string& placement) {
  const std::optional<Interval> a = used_cluster(base, placement), b = used_cluster(head, placement);
  if (!a || !b) return a.has_value() == b.has_value();
  return a->low <= kStateGap * b->high && b->low <= kStateGap * a->high;
}

class StoredDecider {
 public:
  StoredDecider(const Result& base, const Result& head, const StoredRules& rules)
      : base_(base), head_(head), rules_(rules) {
    if (rules.reference.empty()) return;
    check_reference(base, rules.reference, "the baseline");
    check_reference(head, rules.reference, "what is compared with it");
    base_reference_ = logs_of(*find_case(base, rules.reference), Metric::rtt_mean);
    head_reference_ = logs_of(*find_case(head, rules.reference), Metric::rtt_mean);
  }

  JobReport report() {
    JobReport report{.kind = "compare",
                     .machine_class = head_.machine.machine_class,
                     .suite = head_.suite,
                     .seed = rules_.seed,
                     .strict = rules_.strict,
                     .advisory = rules_.advisory};
    for (const CaseRecord& head : head_.cases) {
      if (head.id == rules_.reference) continue;
      const CaseRecord* base = find_case(base_, head.id);
      if (base != nullptr) add_case(*base, head, report);
    }
    add_notes(report);
    const double tail = tail_of(report.gated);
    for (Decision& decision : report.decisions) fill(decision, tail);
    return report;
  }

 private:
  const std::vector<double>& no_values() const {
    static const std::vector<double> none;
    return none;
  }

  void add_case(const CaseRecord& base, const CaseRecord& head, JobReport& report) const {
    for (const auto& [name, c] : {std::pair("base", &base), std::pair("head", &head)}) {
      if (c->status == Status::ok) continue;
      report.left_out.push_back({c->id, c->status, fmt::format("{}: {}", name, printable(c->reason))});
      return;
    }
    const PairedCase spec{.id = head.id,
                          .scenario = head.scenario,
                          .transport = head.transport,
                          .wait = head.wait,
                          .placement = head.placement};
    const CasePairs c{.spec = &spec, .metrics = metrics_in_both(base, head)};
    if (c.metrics.empty()) {
      report.left_out.push_back({head.id, Status::skipped, "no figure that both have"});
      return;
    }
    for (const Metric metric : c.metrics) {
      const NoiseFigure* noise = noise_of(head.id, metric);
      Decision decision{.case_id = head.id, .metric = metric, .not_gated = why_not_gated(c, metric, noise)};
      const bool has_margin = noise != nullptr && noise->run_margin;
      if (decision.not_gated.empty() && !has_margin && !rules_.advisory) {
        decision.not_gated = "not calibrated between runs";
      }
      if (decision.not_gated.empty() && !in_same_state(base_, head_, head.placement)) {
        decision.not_gated = "the two runs saw different canary states";
      }
      decision.gated = decision.not_gated.empty();
      report.gated += decision.gated ? 1 : 0;
      report.decisions.push_back(std::move(decision));
    }
  }

  const NoiseFigure* noise_of(const std::string& case_id, Metric metric) const {
    return rules_.noise == nullptr ? nullptr : rules_.noise->find(case_id, metric);
  }

  void fill(Decision& decision, double tail) const {
    const CaseRecord& base = *find_case(base_, decision.case_id);
    const CaseRecord& head = *find_case(head_, decision.case_id);
    const Metric metric = decision.metric;
    decision.base = median(values_of(base, metric));
    decision.head = median(values_of(head, metric));
    const std::vector<double> base_logs = logs_of(base, metric), head_logs = logs_of(head, metric);
    const bool normalised = !is_count(metric) && !rules_.reference.empty();
    if (metric == Metric::syscalls) {  // counted, not drawn
      const double difference = head_logs.front() - base_logs.front();
      decision.first = {.n = 1, .median = difference, .interval = Interval{difference, difference}};
    } else {
      decision.first = bootstrap_difference({.base = base_logs,
                                             .head = head_logs,
                                             .base_reference = normalised ? base_reference_ : no_values(),
                                             .head_reference = normalised ? head_reference_ : no_values(),
                                             .resamples = rules_.resamples},
                                            tail, rules_.seed);
    }
    NoiseFigure between_runs;
    if (const NoiseFigure* noise = noise_of(decision.case_id, metric)) between_runs.margin = noise->run_margin;
    const double step = std::max(base_.clock.resolution_ns, head_.clock.resolution_ns);
    decision.margin = margin_of(metric, &between_runs, step, *decision.base);
    decision.verdict = decide(decision.first, decision.margin.value);
    // There are no fresh rounds of the past.
    if (decision.verdict == FigureVerdict::candidate) decision.verdict = FigureVerdict::regressed;
    if (decision.verdict != FigureVerdict::inconclusive) return;
    decision.reason = decision.first.interval ? "the interval crosses the margin"
                                              : fmt::format("{} and {} launches: an interval needs {}",
                                                            base_logs.size(), head_logs.size(), kLeastLaunches);
  }

  void add_notes(JobReport& report) const {
    const auto calibrated = std::count_if(report.decisions.begin(), report.decisions.end(), [&](const Decision& d) {
      const NoiseFigure* noise = noise_of(d.case_id, d.metric);
      return d.gated && noise != nullptr && noise->run_margin;
    });
    report.calibration = fmt::format("margins: {} of {} gated figures calibrated between runs of this machine class{}",
                                     calibrated, report.gated, rules_.advisory ? "; advisory: nothing fails" : "");
    std::size_t only_in_one = 0;
    for (const CaseRecord& c : head_.cases) only_in_one += find_case(base_, c.id) == nullptr ? 1 : 0;
    for (const CaseRecord& c : base_.cases) only_in_one += find_case(head_, c.id) == nullptr ? 1 : 0;
    if (only_in_one > 0) report.notes.push_back(fmt::format("{} cases are in one of the two only", only_in_one));
    if (!rules_.reference.empty()) {
      report.notes.push_back(fmt::format("times are ratios to {} of the same run", rules_.reference));
    }
  }

  const Result& base_;
  const Result& head_;
  const StoredRules& rules_;
  std::vector<double> base_reference_, head_reference_;
};

}  // namespace

Estimate bootstrap_difference(const BootstrapInput& input, double tail, std::uint64_t seed) {
  const auto middle = [](std::span<const double> values) { return values.empty() ? 0 : median(values); };
  Estimate result{
      .n = std::min(input.base.size(), input.head.size()),
      .median = middle(input.head) - middle(input.head_reference) - middle(input.base) + middle(input.base_reference)};
  if (result.n < kLeastLaunches) return result;
  SplitMix64 random(seed);
  std::vector<double> buffer, differences;
  const auto drawn = [&](std::span<const double> values) {
    return values.empty() ? 0 : median_of_resample(values, buffer, random);
  };
  for (int n = 0; n < input.resamples; ++n) {
    double difference = drawn(input.head);
    difference -= drawn(input.head_reference);
    difference -= drawn(input.base);
    difference += drawn(input.base_reference);
    differences.push_back(difference);
  }
  std::sort(differences.begin(), differences.end());
  const auto below = static_cast<std::size_t>(std::floor(tail * static_cast<double>(input.resamples)));
  result.interval = Interval{differences[below], differences[differences.size() - 1 - below]};
  return result;
}

bool has_run_margins(const NoiseModel& model) noexcept {
  return std::any_of(model.figures.begin(), model.figures.end(), [](const NoiseFigure& f) { return f.run_margin; });
}

void check_reference(const Result& result, const std::string& reference, std::string_view which) {
  const CaseRecord* c = find_case(result, reference);
  if (c != nullptr && !logs_of(*c, Metric::rtt_mean).empty()) return;
  std::vector<std::string> ids;
  for (const CaseRecord& known : result.cases) {
    if (known.scenario == kPingPong && known.status == Status::ok) ids.push_back(printable(known.id));
  }
  throw UsageError(fmt::format("--normalise: {} has no round trips of '{}'{}", which, printable(reference),
                               suggestion(reference, ids)));
}

JobReport decide_stored(const Result& base, const Result& head, const StoredRules& rules) {
  return StoredDecider(base, head, rules).report();
}

}  // namespace ipcbench

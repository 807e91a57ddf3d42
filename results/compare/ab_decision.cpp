#include "results/compare/ab_decision.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "results/figures/states.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

constexpr std::array<std::string_view, 7> kVerdictNames = {"same",        "improved",     "candidate", "regressed",
                                                           "unconfirmed", "inconclusive", "unstable"};
constexpr std::array<std::string_view, 3> kMarginNames = {"least change", "calibrated", "clock"};

// Medians that deviate from the median log ratio by no more than this don't contradict it.
constexpr double kSameChange = 0.001;

const PairedCase* find_paired_case(std::span<const PairedCase> cases, std::string_view id) {
  const auto found = std::find_if(cases.begin(), cases.end(), [&](const PairedCase& c) { return c.id == id; });
  return found == cases.end() ? nullptr : &*found;
}

FigureVerdict decide_within(const Interval& interval, double margin) noexcept {
  if (interval.low > margin) return FigureVerdict::candidate;
  if (interval.high < -margin) return FigureVerdict::improved;
  if (interval.low >= -margin && interval.high <= margin) return FigureVerdict::same;
  return FigureVerdict::inconclusive;
}

}  // namespace

std::string_view to_string(FigureVerdict verdict) noexcept { return kVerdictNames[static_cast<std::size_t>(verdict)]; }
bool is_undecided(FigureVerdict verdict) noexcept {
  return verdict == FigureVerdict::candidate || verdict == FigureVerdict::inconclusive ||
         verdict == FigureVerdict::unstable;
}
std::string_view to_string(MarginSource source) noexcept { return kMarginNames[static_cast<std::size_t>(source)]; }

double tail_of(std::size_t gated) noexcept { return kJobLevel / static_cast<double>(std::max<std::size_t>(gated, 1)); }

std::size_t least_pairs(double tail) noexcept {
  std::size_t pairs = 1;
  while (!median_interval(pairs, tail)) ++pairs;
  return pairs;
}

std::size_t least_rounds(std::size_t gated) noexcept { return least_pairs(tail_of(gated)); }

Estimate estimate(std::span<const double> log_ratios, double tail) {
  Estimate result{.n = log_ratios.size()};
  if (log_ratios.empty()) return result;
  std::vector<double> sorted(log_ratios.begin(), log_ratios.end());
  std::sort(sorted.begin(), sorted.end());
  result.median = median(sorted);
  result.spread = robust_spread(sorted);
  if (const auto ranks = median_interval(sorted.size(), tail)) {
    result.interval = Interval{sorted[ranks->low - 1], sorted[ranks->high - 1]};
  }
  return result;
}

Margin margin_of(Metric metric, const std::optional<LearntMargin>& learnt, double clock_step_ns,
                 double value_ns) noexcept {
  Margin margin{.value = least_change(metric)};
  if (learnt && learnt->is_settled && learnt->value > margin.value) {
    margin = {.value = learnt->value, .source = MarginSource::calibrated};
  }
  if (!is_count(metric) && value_ns > 0 && clock_step_ns > 0) {
    const double steps = 2 * clock_step_ns / value_ns;
    if (steps > margin.value) margin = {.value = steps, .source = MarginSource::clock};
  }
  if (learnt && !learnt->is_settled && learnt->value > margin.value) margin.advice = learnt->value;
  return margin;
}

bool is_unstable(const Estimate& estimate, const NoiseFigure* noise) noexcept {
  if (noise != nullptr && noise->is_settled()) return *noise->spread > kUnstableSpread;
  if (estimate.spread <= kUnstableSpread) return false;
  const auto& interval = estimate.interval;
  return !interval || (interval->low <= estimate.spread && interval->high >= -estimate.spread);
}

FigureVerdict decide(const Estimate& estimate, const Margin& margin) noexcept {
  if (!estimate.interval) return FigureVerdict::inconclusive;
  const FigureVerdict verdict = decide_within(*estimate.interval, margin.value);
  if (!(margin.advice > margin.value) || decide_within(*estimate.interval, margin.advice) == verdict) return verdict;
  return FigureVerdict::inconclusive;
}

FigureVerdict confirmed(FigureVerdict again) noexcept {
  switch (again) {
    case FigureVerdict::candidate:
      return FigureVerdict::regressed;
    case FigureVerdict::same:
      return FigureVerdict::unconfirmed;
    default:
      return FigureVerdict::inconclusive;
  }
}

std::vector<StateRecord> states_of(std::span<const PairedCase> cases, std::span<const LaunchPair> pairs) {
  std::vector<std::pair<PlacementName, std::vector<double>>> canaries;
  for (const LaunchPair& pair : pairs) {
    const PairedCase* c = find_paired_case(cases, pair.case_id);
    if (c == nullptr) continue;
    auto found = std::find_if(canaries.begin(), canaries.end(), [&](const auto& p) { return p.first == c->placement; });
    if (found == canaries.end()) found = canaries.insert(found, {c->placement, {}});
    for (const LaunchMetrics* launch_metrics : {&pair.base, &pair.head}) {
      if (launch_metrics->canary_ns)
        found->second.insert(found->second.end(), launch_metrics->canary_ns->begin(), launch_metrics->canary_ns->end());
    }
  }
  std::vector<StateRecord> states;
  for (auto& [placement, values] : canaries) {
    StateRecord record = cluster_canaries(placement, std::move(values));
    if (!record.clusters_ns.empty()) states.push_back(std::move(record));
  }
  return states;
}

bool in_one_state(const StateRecord* states, const LaunchPair& pair) {
  if (states == nullptr || (!pair.base.canary_ns && !pair.head.canary_ns)) return true;
  if (!pair.base.canary_ns || !pair.head.canary_ns) return false;
  const std::string base = state_of(*states, *pair.base.canary_ns);
  return base != kMixedState && base == state_of(*states, *pair.head.canary_ns);
}

UsablePairs usable_pairs(std::span<const LaunchPair* const> pairs, Metric metric, const StateRecord* states) {
  UsablePairs usable;
  for (const LaunchPair* pair : pairs) {
    if (pair->base.status != Status::ok || pair->head.status != Status::ok) {
      ++usable.broken;
    } else if (!in_one_state(states, *pair)) {
      ++usable.other_state;
    } else if (pair->base.limits_met != pair->head.limits_met) {
      ++usable.other_limits;
    } else {
      usable.limited += pair->base.limits_met.empty() ? 0 : 1;
      const std::optional<double> ratio = log_ratio(*pair, metric);
      if (!ratio) continue;
      usable.ratios.push_back(*ratio);
      usable.pairs.push_back(pair);
    }
  }
  return usable;
}

ArmValues arm_values(const UsablePairs& usable, Metric metric) {
  if (usable.pairs.empty()) return {};
  std::vector<double> bases, heads, middles;
  for (const LaunchPair* pair : usable.pairs) {
    bases.push_back(*pair->base.value(metric));
    heads.push_back(*pair->head.value(metric));
    middles.push_back(std::sqrt(std::max(bases.back(), 0.0)) * std::sqrt(std::max(heads.back(), 0.0)));
  }
  const double base = median(bases), head = median(heads), change = median(usable.ratios);
  const double least = is_count(metric) ? kLeastCount : 0;
  const double shown = std::log(std::max(head, least) / std::max(base, least));
  const double typical = median(middles);
  if (std::abs(shown - change) <= kSameChange || !(typical > least)) return {base, head};
  return {typical * std::exp(-change / 2), typical * std::exp(change / 2)};
}

}  // namespace ipcbench

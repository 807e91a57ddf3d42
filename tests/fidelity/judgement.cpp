#include "tests/fidelity/judgement.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "results/compare/look_until_decided.h"
#include "results/figures/states.h"
#include "results/figures/statistics.h"

namespace ipcbench::fidelity {
namespace {

std::optional<double> value(const LaunchTimes& times, Metric metric) {
  return metric == Metric::p50 ? times.p50_ns : times.mean_ns;
}

}  // namespace

bool in_one_state(const FidelityPair& pair) {
  std::vector<double> canaries = pair.harness.canary_ns;
  canaries.insert(canaries.end(), pair.reference.canary_ns.begin(), pair.reference.canary_ns.end());
  if (canaries.empty()) return true;
  const auto [least, most] = std::ranges::minmax(canaries);
  return least > 0 && most <= kStateGap * least;
}

Figure ratio_of(const std::vector<FidelityPair>& pairs, Metric metric) {
  std::vector<double> ratios;
  for (const FidelityPair& pair : pairs) {
    const std::optional<double> harness = value(pair.harness, metric);
    const std::optional<double> reference = value(pair.reference, metric);
    if (harness && reference) ratios.push_back(*harness / *reference);
  }
  return figure_of(ratios);
}

Figure value_of(const std::vector<FidelityPair>& pairs, const LaunchTimes FidelityPair::*arm, Metric metric) {
  std::vector<double> values;
  for (const FidelityPair& pair : pairs) {
    if (const std::optional<double> one = value(pair.*arm, metric)) values.push_back(*one);
  }
  return figure_of(values);
}

Figure ratio_to_canary(const std::vector<FidelityPair>& pairs) {
  std::vector<double> ratios;
  for (const FidelityPair& pair : pairs) {
    const std::vector<double>& canaries = pair.harness.canary_ns;
    if (canaries.empty()) continue;
    const double sum = std::accumulate(canaries.begin(), canaries.end(), 0.0);
    ratios.push_back(pair.harness.mean_ns * static_cast<double>(canaries.size()) / sum);
  }
  return figure_of(ratios);
}

double half_width(const Interval& interval) noexcept { return (interval.high - interval.low) / 2; }

const char* to_string(Judgement judgement) noexcept {
  switch (judgement) {
    case Judgement::within:
      return "within";
    case Judgement::outside:
      return "outside";
    case Judgement::undecided:
      return "undecided";
    case Judgement::not_judged:
      break;
  }
  return "not judged";
}

Judgement judge(const Figure& ratio, bool two_cpus) noexcept {
  if (!ratio.ci95) return Judgement::undecided;
  const auto [low, high] = *ratio.ci95;
  if (two_cpus) {
    if (low > 1 || high < 1) return Judgement::outside;
    return half_width(*ratio.ci95) <= kTwoCpusHalfWidth ? Judgement::within : Judgement::undecided;
  }
  if (low > kSameCpuTarget.high || high < kSameCpuTarget.low) return Judgement::outside;
  return low >= kSameCpuTarget.low && high <= kSameCpuTarget.high ? Judgement::within : Judgement::undecided;
}

Judgement judge_no_slower(const Figure& ratio) noexcept {
  if (!ratio.ci95) return Judgement::undecided;
  if (ratio.ci95->low > 1) return Judgement::outside;
  return *ratio.median <= 1 && ratio.ci95->high <= kNoSlowerBound ? Judgement::within : Judgement::undecided;
}

Judgement judge_at_most(const Figure& ratio, double most) noexcept {
  if (!ratio.ci95) return Judgement::undecided;
  if (ratio.ci95->low > most) return Judgement::outside;
  return ratio.ci95->high <= most ? Judgement::within : Judgement::undecided;
}

Judgement judge_extra(const std::vector<FidelityPair>& pairs, double most_ns) {
  std::vector<double> extra;
  for (const FidelityPair& pair : pairs) extra.push_back(pair.harness.mean_ns - pair.reference.mean_ns);
  Judgement judgement = Judgement::undecided;
  look_until_decided(kExtraLooks, extra.size(), [&](std::size_t count) {
    judgement = judge_at_most(figure_of(std::span(extra).first(count), kExtraLooks.size()), most_ns);
    return judgement != Judgement::undecided;
  });
  return judgement;
}

}  // namespace ipcbench::fidelity

#include "tests/fidelity/sample.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "results/compare/look_until_decided.h"
#include "results/figures/states.h"
#include "results/figures/statistics.h"

namespace ipcbench::fidelity {
namespace {

std::optional<double> value(const Sample& sample, Metric metric) {
  return metric == Metric::p50 ? sample.p50_ns : sample.mean_ns;
}

}  // namespace

bool in_one_state(const Pair& pair) {
  std::vector<double> canaries = pair.harness.canary_ns;
  canaries.insert(canaries.end(), pair.reference.canary_ns.begin(), pair.reference.canary_ns.end());
  if (canaries.empty()) return true;
  const auto [least, most] = std::ranges::minmax(canaries);
  return least > 0 && most <= kStateGap * least;
}

Figure ratio_of(const std::vector<Pair>& pairs, Metric metric) {
  std::vector<double> ratios;
  for (const Pair& pair : pairs) {
    const std::optional<double> harness = value(pair.harness, metric);
    const std::optional<double> reference = value(pair.reference, metric);
    if (harness && reference) ratios.push_back(*harness / *reference);
  }
  return figure_of(ratios);
}

Figure value_of(const std::vector<Pair>& pairs, const Sample Pair::*arm, Metric metric) {
  std::vector<double> values;
  for (const Pair& pair : pairs) {
    if (const std::optional<double> one = value(pair.*arm, metric)) values.push_back(*one);
  }
  return figure_of(values);
}

Figure ratio_to_canary(const std::vector<Pair>& pairs) {
  std::vector<double> ratios;
  for (const Pair& pair : pairs) {
    const std::vector<double>& canaries = pair.harness.canary_ns;
    if (canaries.empty()) continue;
    const double sum = std::accumulate(canaries.begin(), canaries.end(), 0.0);
    ratios.push_back(pair.harness.mean_ns * static_cast<double>(canaries.size()) / sum);
  }
  return figure_of(ratios);
}

double half_width(const Interval& interval) noexcept { return (interval.high - interval.low) / 2; }

const char* name_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::within:
      return "within";
    case Verdict::outside:
      return "outside";
    case Verdict::undecided:
      return "undecided";
    case Verdict::not_judged:
      break;
  }
  return "not judged";
}

Verdict judge(const Figure& ratio, bool two_cpus) noexcept {
  if (!ratio.ci95) return Verdict::undecided;
  const auto [low, high] = *ratio.ci95;
  if (two_cpus) {
    if (low > 1 || high < 1) return Verdict::outside;
    return half_width(*ratio.ci95) <= kTwoCpusHalfWidth ? Verdict::within : Verdict::undecided;
  }
  if (low > kSameCpuTarget.high || high < kSameCpuTarget.low) return Verdict::outside;
  return low >= kSameCpuTarget.low && high <= kSameCpuTarget.high ? Verdict::within : Verdict::undecided;
}

Verdict judge_no_slower(const Figure& ratio) noexcept {
  if (!ratio.ci95) return Verdict::undecided;
  if (ratio.ci95->low > 1) return Verdict::outside;
  return *ratio.median <= 1 && ratio.ci95->high <= kNoSlowerBound ? Verdict::within : Verdict::undecided;
}

Verdict judge_at_most(const Figure& ratio, double most) noexcept {
  if (!ratio.ci95) return Verdict::undecided;
  if (ratio.ci95->low > most) return Verdict::outside;
  return ratio.ci95->high <= most ? Verdict::within : Verdict::undecided;
}

Verdict judge_extra(const std::vector<Pair>& pairs, double most_ns) {
  std::vector<double> extra;
  for (const Pair& pair : pairs) extra.push_back(pair.harness.mean_ns - pair.reference.mean_ns);
  Verdict verdict = Verdict::undecided;
  look_until_decided(kExtraLooks, extra.size(), [&](std::size_t count) {
    verdict = judge_at_most(figure_of(std::span(extra).first(count), kExtraLooks.size()), most_ns);
    return verdict != Verdict::undecided;
  });
  return verdict;
}

}  // namespace ipcbench::fidelity

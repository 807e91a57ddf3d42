#include "results/fleet/slow_hosts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include <boost/math/distributions/students_t.hpp>

#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

// A case repeats between hosts no better than this, whatever few hosts show: no case outweighs all others.
constexpr double kLeastSpread = 0.002;
// Keeps the scale positive where most hosts are equal.
constexpr double kLeastScale = 1e-9;

// The quantiles of a host's cases. A slowdown of a third of them moves the upper one and leaves the lower one.
constexpr double kUpper = 5.0 / 6, kLower = 1.0 / 3;

std::vector<double> present(const CaseValues& values) {
  std::vector<double> there;
  std::ranges::copy_if(values, std::back_inserter(there), [](double value) { return !std::isnan(value); });
  return there;
}

double median_of_present(const CaseValues& values) {
  const std::vector<double> there = present(values);
  return there.empty() ? kAbsent : median(there);
}

CaseValues values_of_case(std::span<const CaseValues> hosts, std::size_t index) {
  CaseValues column;
  column.reserve(hosts.size());
  for (const CaseValues& host : hosts) column.push_back(host[index]);
  return column;
}

struct WeightedCase {
  double ln_ratio, weight;
};

// Holds a host's cases, ascending by ratio. A case weighs by its precision: few precise cases tell more than many
// noisy ones.
class WeightedCases {
 public:
  WeightedCases(const CaseValues& ln_ratios, const CaseValues& spreads) {
    for (std::size_t i = 0; i < ln_ratios.size(); ++i) {
      if (std::isnan(ln_ratios[i]) || std::isnan(spreads[i])) continue;
      const double weight = 1 / (spreads[i] * spreads[i]);
      cases_.push_back({ln_ratios[i], weight});
      total_ += weight;
    }
    std::ranges::sort(cases_, {}, &WeightedCase::ln_ratio);
  }

  std::size_t size() const { return cases_.size(); }
  double quantile(double q) const {
    double seen = 0;
    for (const WeightedCase& c : cases_) {
      seen += c.weight;
      if (seen >= q * total_) return c.ln_ratio;
    }
    return cases_.back().ln_ratio;
  }

 private:
  std::vector<WeightedCase> cases_;
  double total_ = 0;
};

// Returns the order statistic next to a quantile.
double nearest_rank(std::vector<double> values, double q) {
  const auto rank = static_cast<std::ptrdiff_t>(std::lround(q * static_cast<double>(values.size() - 1)));
  std::ranges::nth_element(values, values.begin() + rank);
  return values[static_cast<std::size_t>(rank)];
}

// Of fewer deviations below the median, too few lie in the tail to trust it instead of that of both sides.
constexpr std::size_t kLeastBelow = 100;

using StudentsT = boost::math::students_t;

// Returns the ratio of the 95 % and the 50 % quantile of |t|: 2.9 for a normal distribution, more for heavier tails.
double tail_ratio(const StudentsT& t) { return quantile(t, 0.975) / quantile(t, 0.75); }

// Returns the ratio of the 95 % and the 50 % quantile of n deviations. It errs by 1.33 / sqrt(n) of itself, for a
// normal distribution, and the upper end of its one-sided 95 % interval is returned.
double upper_tail_ratio(const std::vector<double>& deviations) {
  constexpr double kUpper95 = 1.645, kErrorOfRatio = 1.325;
  const double margin = 1 + kUpper95 * kErrorOfRatio / std::sqrt(static_cast<double>(deviations.size()));
  return nearest_rank(deviations, 0.95) / std::max(nearest_rank(deviations, 0.5), kLeastScale) * margin;
}

// Returns Student's t with this ratio of its quantiles.
StudentsT with_tail_ratio(double ratio) {
  constexpr double kNearlyNormal = 200, kHeaviest = 1.2, kStep = 0.93;
  double freedom = kNearlyNormal;
  while (freedom > kHeaviest && tail_ratio(StudentsT(freedom)) < ratio) freedom *= kStep;
  return StudentsT(freedom);
}

// Returns how far a host's slower cases lie above its faster ones: the logarithm, which is as often high as low.
double contrast_of(const WeightedCases& cases) {
  return std::log(std::max(cases.quantile(kUpper) - cases.quantile(kLower), kLeastSpread));
}

}  // namespace

ClassDeviations deviations_of(std::span<const CaseValues> ln_times) {
  ClassDeviations deviations{.ln_ratios = {ln_times.begin(), ln_times.end()}, .spreads = {}};
  std::vector<CaseValues>& ratios = deviations.ln_ratios;
  const std::size_t cases = ratios.empty() ? 0 : ratios.front().size();
  for (std::size_t i = 0; i < cases; ++i) {
    const std::vector<double> there = present(values_of_case(ratios, i));
    const double center = there.size() < kLeastHosts ? kAbsent : median(there);
    for (CaseValues& host : ratios) host[i] -= center;
  }
  CaseValues levels;
  levels.reserve(ratios.size());
  for (const CaseValues& host : ratios) levels.push_back(median_of_present(host));
  for (std::size_t i = 0; i < cases; ++i) {
    CaseValues column = values_of_case(ratios, i);
    for (std::size_t host = 0; host < column.size(); ++host) column[host] -= levels[host];
    const std::vector<double> there = present(column);
    deviations.spreads.push_back(there.empty() ? kAbsent : std::max(robust_spread(there), kLeastSpread));
  }
  return deviations;
}

std::vector<double> tail_p_values(std::span<const double> values) {
  const double center = median(values);
  std::vector<double> deviations, below;
  for (const double value : values) {
    deviations.push_back(std::abs(value - center));
    if (value <= center) below.push_back(center - value);
  }
  double ratio = upper_tail_ratio(deviations);
  if (below.size() >= kLeastBelow) ratio = std::min(ratio, upper_tail_ratio(below));
  const StudentsT t = with_tail_ratio(ratio);
  const double scale = std::max(median(deviations), kLeastScale) / quantile(t, 0.75);
  std::vector<double> p_values;
  for (const double value : values) p_values.push_back(cdf(complement(t, (value - center) / scale)));
  return p_values;
}

std::vector<double> adjust_p_values(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return p_values[a] > p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double least = 1;
  for (std::size_t n = 0; n < order.size(); ++n) {
    const auto rank = static_cast<double>(order.size() - n);
    least = std::min(least, p_values[order[n]] * static_cast<double>(order.size()) / rank);
    adjusted[order[n]] = least;
  }
  return adjusted;
}

std::vector<std::optional<HostStanding>> judge_hosts(const ClassDeviations& hosts, std::size_t cases) {
  std::vector<std::optional<HostStanding>> standings(hosts.ln_ratios.size());
  const std::size_t least_cases = std::max(kLeastCases, (cases + 1) / 2);
  std::vector<std::size_t> judged;
  std::vector<double> throughout, contrasts, upper;
  for (std::size_t host = 0; host < standings.size(); ++host) {
    const WeightedCases of_host(hosts.ln_ratios[host], hosts.spreads);
    if (of_host.size() < least_cases) continue;
    judged.push_back(host);
    throughout.push_back(of_host.quantile(0.5));
    contrasts.push_back(contrast_of(of_host));
    upper.push_back(of_host.quantile(kUpper));
  }
  if (judged.size() < kLeastHosts) return standings;
  const std::vector<double> of_throughout = tail_p_values(throughout), of_contrasts = tail_p_values(contrasts);
  std::vector<double> p_values;
  for (std::size_t n = 0; n < judged.size(); ++n)
    p_values.push_back(std::min(1.0, 2 * std::min(of_throughout[n], of_contrasts[n])));
  const std::vector<double> adjusted = adjust_p_values(p_values);
  const double typical = median(upper);
  for (std::size_t n = 0; n < judged.size(); ++n) {
    HostStanding& standing = standings[judged[n]].emplace();
    standing = {.p = p_values[n],
                .adjusted_p = adjusted[n],
                .throughout = throughout[n],
                .slower = upper[n] - typical,
                .stands_out = false};
    standing.stands_out = standing.adjusted_p <= kFalseDiscoveryRate && standing.slower >= std::log1p(kLeastSlowdown);
  }
  return standings;
}

}  // namespace ipcbench

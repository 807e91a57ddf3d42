#include "harness/floors/launch_class.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace ipcbench {
namespace {

constexpr std::size_t kFewestOnLevel = 3;
constexpr double kLeastChange = 0.05;
constexpr double kBimodalExplains = 0.75;
constexpr double kStepExplains = 0.6;
constexpr double kTrendZ = 3.29;  // p < 0.001, two-sided
constexpr double kUnstableSpread = 0.1;
constexpr double kDeviationOfMad = 1.4826;  // of a normal distribution

using Slices = std::span<const double>;

double median(std::vector<double> values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 != 0) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

double median(Slices values) { return median(std::vector<double>(values.begin(), values.end())); }

// Returns the sum of the absolute residuals without the largest tenth.
double misfit(std::vector<double> residuals) {
  for (double& residual : residuals) residual = std::abs(residual);
  std::sort(residuals.begin(), residuals.end());
  return std::accumulate(residuals.begin(), residuals.end() - std::ssize(residuals) / 10, 0.0);
}

bool differ(double a, double b) noexcept {
  return std::min(a, b) <= 0 || std::abs(a - b) > kLeastChange * std::min(a, b);
}

struct Levels {
  double low = 0;
  double high = 0;
  double misfit = std::numeric_limits<double>::infinity();

  bool apart() const noexcept { return differ(low, high); }
  // The border lies between the levels, not between the values beside the cut, where the outliers that the misfit
  // leaves out may lie.
  double border() const noexcept { return (low + high) / 2; }
};

// Returns the best cut of `values` into a first and a last part.
Levels best_cut(Slices values) {
  Levels best;
  for (std::size_t i = kFewestOnLevel; i + kFewestOnLevel <= values.size(); ++i) {
    const double first = median(values.first(i));
    const double last = median(values.subspan(i));
    std::vector<double> residuals;
    for (std::size_t n = 0; n < values.size(); ++n) residuals.push_back(values[n] - (n < i ? first : last));
    const double candidate = misfit(std::move(residuals));
    if (candidate < best.misfit) {
      best = {.low = std::min(first, last), .high = std::max(first, last), .misfit = candidate};
    }
  }
  return best;
}

bool visits_both(Slices slices, const Levels& levels) noexcept {
  std::size_t on_high = 0;
  std::size_t changes = 0;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const bool high = slices[i] > levels.border();
    if (high) ++on_high;
    if (i > 0 && high != (slices[i - 1] > levels.border())) ++changes;
  }
  return changes >= 2 && on_high >= kFewestOnLevel && slices.size() - on_high >= kFewestOnLevel;
}

struct Line {
  double slope = 0;  // per slice
  double first = 0;
  double last = 0;
  double misfit = 0;
};

Line fit_line(Slices slices) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    for (std::size_t j = i + 1; j < slices.size(); ++j) {
      slopes.push_back((slices[j] - slices[i]) / static_cast<double>(j - i));
    }
  }
  Line line{.slope = median(std::move(slopes))};
  std::vector<double> residuals;
  for (std::size_t i = 0; i < slices.size(); ++i) residuals.push_back(slices[i] - line.slope * static_cast<double>(i));
  line.first = median(residuals);
  line.last = line.first + line.slope * static_cast<double>(slices.size() - 1);
  for (double& residual : residuals) residual -= line.first;
  line.misfit = misfit(std::move(residuals));
  return line;
}

// Returns Mann and Kendall's statistic as a standard normal deviate, with its correction for ties.
double trend_z(Slices slices) {
  double score = 0;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    for (std::size_t j = i + 1; j < slices.size(); ++j) {
      score += static_cast<double>(slices[j] > slices[i]) - static_cast<double>(slices[j] < slices[i]);
    }
  }
  const auto term = [](double n) { return n * (n - 1) * (2 * n + 5); };
  double variance = term(static_cast<double>(slices.size()));
  std::vector<double> sorted(slices.begin(), slices.end());
  std::sort(sorted.begin(), sorted.end());
  for (auto tied = sorted.begin(); tied != sorted.end();) {
    const auto end = std::upper_bound(tied, sorted.end(), *tied);
    variance -= term(static_cast<double>(end - tied));
    tied = end;
  }
  if (variance <= 0 || score == 0) return 0;
  return (std::abs(score) - 1) / std::sqrt(variance / 18);
}

double robust_spread(Slices slices, double center) {
  std::vector<double> deviations;
  for (const double slice : slices) deviations.push_back(std::abs(slice - center));
  return kDeviationOfMad * median(std::move(deviations));
}

}  // namespace

std::string_view to_string(LaunchClass launch_class) noexcept {
  constexpr std::array<std::string_view, 5> kNames{"flat", "drift", "step", "bimodal", "unstable"};
  return kNames[static_cast<std::size_t>(launch_class)];
}

std::optional<LaunchClass> classify(Slices slices) {
  if (slices.size() < kFewestSlices) return std::nullopt;
  const double center = median(slices);
  std::vector<double> residuals;
  for (const double slice : slices) residuals.push_back(slice - center);
  const double level_misfit = misfit(std::move(residuals));
  if (level_misfit <= 0) return LaunchClass::flat;
  const auto explained = [&](double misfit_left) { return 1 - misfit_left / level_misfit; };

  std::vector<double> sorted(slices.begin(), slices.end());
  std::sort(sorted.begin(), sorted.end());
  const Levels clusters = best_cut(sorted);
  if (clusters.apart() && explained(clusters.misfit) >= kBimodalExplains && visits_both(slices, clusters)) {
    return LaunchClass::bimodal;
  }

  const Levels step = best_cut(slices);
  const Line line = fit_line(slices);
  const bool is_step = step.apart() && explained(step.misfit) >= kStepExplains;
  const bool is_drift = differ(line.first, line.last) && trend_z(slices) > kTrendZ;
  if (is_step && (!is_drift || step.misfit < line.misfit)) return LaunchClass::step;
  if (is_drift) return LaunchClass::drift;
  return robust_spread(slices, center) > kUnstableSpread * center ? LaunchClass::unstable : LaunchClass::flat;
}

}  // namespace ipcbench

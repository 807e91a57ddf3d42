#include "results/figures/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace ipcbench {

double median(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  if (sorted.size() % 2 == 1) return *middle;
  const double below = *std::max_element(sorted.begin(), middle);
  return below + (*middle - below) / 2;
}

double median_absolute_deviation(std::span<const double> values, double center) {
  std::vector<double> deviations;
  deviations.reserve(values.size());
  for (const double value : values) deviations.push_back(std::abs(value - center));
  return median(deviations);
}

double robust_spread(std::span<const double> values) {
  return values.empty() ? 0 : kSigmaPerMad * median_absolute_deviation(values, median(values));
}

bool is_outlier(double value, double center, double mad) noexcept {
  return std::abs(value - center) > kOutlierMads * mad;
}

std::optional<MedianInterval> median_interval(std::size_t n, double tail) {
  // Adds terms of the binomial distribution by their logarithms: 2^-n underflows from n = 1075 on.
  const auto size = static_cast<long double>(n);
  long double log_term = -size * std::log(2.0L);
  long double below = 0;  // P(Bin < k)
  std::size_t k = 0;
  while (k < n / 2) {
    const long double next = below + std::exp(log_term);
    if (next > static_cast<long double>(tail)) break;
    below = next;
    log_term += std::log((size - static_cast<long double>(k)) / static_cast<long double>(k + 1));
    ++k;
  }
  if (k == 0) return std::nullopt;
  return MedianInterval{k, n + 1 - k, static_cast<double>(1 - 2 * below)};
}

double tail_of_look(std::size_t looks) noexcept {
  return (1 - kCoverage) / 2 / static_cast<double>(std::max<std::size_t>(looks, 1));
}

std::size_t least_for_interval(std::size_t looks) noexcept {
  std::size_t launches = 1;
  while (!median_interval(launches, tail_of_look(looks))) ++launches;
  return launches;
}

Figure figure_of(std::span<const double> values, std::size_t looks) {
  std::vector<double> sorted;
  sorted.reserve(values.size());
  std::copy_if(values.begin(), values.end(), std::back_inserter(sorted), [](double v) { return std::isfinite(v); });
  if (sorted.empty()) return no_figure("no launch has a value");
  std::sort(sorted.begin(), sorted.end());
  Figure figure;
  figure.n = sorted.size();
  figure.median = median(sorted);
  if (const auto interval = median_interval(sorted.size(), tail_of_look(looks))) {
    figure.ci95 = Interval{sorted[interval->low - 1], sorted[interval->high - 1]};
  } else {
    figure.reason = fmt::format("no 95 % interval from {} launch{}", sorted.size(), sorted.size() == 1 ? "" : "es");
  }
  return figure;
}

Figure no_figure(std::string reason) {
  Figure figure;
  figure.reason = std::move(reason);
  return figure;
}

bool supports_quantile(std::uint64_t n, double q) noexcept {
  constexpr double kRounding = 1e-6;  // 100 * (1 - 0.9) is slightly under 10
  return static_cast<double>(n) * (1 - q) >= 10 - kRounding;
}

double values_for(double q) noexcept { return std::round(10 / (1 - q)); }

SparseHistogram sparse(const Histogram& histogram) {
  SparseHistogram result;
  for (std::size_t index = 0; index < Histogram::kBuckets; ++index) {
    if (histogram.counts[index] == 0) continue;
    result.values_ns.push_back(Histogram::lower_bound(index));
    result.counts.push_back(histogram.counts[index]);
  }
  return result;
}

std::uint64_t count_of(const SparseHistogram& histogram) noexcept {
  if (histogram.reduced) return histogram.reduced->count;
  std::uint64_t count = 0;
  for (const std::uint64_t bucket : histogram.counts) count += bucket;
  return count;
}

void merge(SparseHistogram& into, const SparseHistogram& other) {
  SparseHistogram sum;
  std::size_t a = 0;
  std::size_t b = 0;
  while (a < into.values_ns.size() || b < other.values_ns.size()) {
    const bool only_a =
        b == other.values_ns.size() || (a < into.values_ns.size() && into.values_ns[a] < other.values_ns[b]);
    const bool only_b = !only_a && (a == into.values_ns.size() || other.values_ns[b] < into.values_ns[a]);
    sum.values_ns.push_back(only_b ? other.values_ns[b] : into.values_ns[a]);
    std::uint64_t count = 0;
    if (!only_b) count += into.counts[a++];
    if (!only_a) count += other.counts[b++];
    sum.counts.push_back(count);
  }
  into = std::move(sum);
}

double bucket_midpoint(std::uint64_t lower_bound) noexcept {
  const std::uint64_t width = Histogram::width(Histogram::index_of(lower_bound));
  return static_cast<double>(lower_bound) + static_cast<double>(width - 1) / 2;
}

namespace {

struct StoredQuantile {
  double q;
  std::optional<double> Quantiles::*value;
};
constexpr std::array kStoredQuantiles = {StoredQuantile{0.5, &Quantiles::p50}, StoredQuantile{0.9, &Quantiles::p90},
                                         StoredQuantile{0.99, &Quantiles::p99}, StoredQuantile{0.999, &Quantiles::p999},
                                         StoredQuantile{0.9999, &Quantiles::p9999}};

}  // namespace

Quantiles quantiles_of(const SparseHistogram& histogram) {
  Quantiles all{.count = count_of(histogram)};
  for (const StoredQuantile& stored : kStoredQuantiles) {
    if (stored.q == 0.5 || supports_quantile(all.count, stored.q)) all.*stored.value = quantile(histogram, stored.q);
  }
  return all;
}

std::optional<double> quantile(const SparseHistogram& histogram, double q) noexcept {
  if (histogram.reduced) {
    const auto* const stored = std::ranges::find(kStoredQuantiles, q, &StoredQuantile::q);
    return stored == kStoredQuantiles.end() ? std::nullopt : (*histogram.reduced).*stored->value;
  }
  const std::uint64_t count = count_of(histogram);
  if (count == 0) return std::nullopt;
  const double exact = std::ceil(q * static_cast<double>(count) * (1 - 1e-12));  // 0.9 * 10 is slightly over 9
  const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(exact), 1, count);
  std::uint64_t seen = 0;
  for (std::size_t index = 0; index < histogram.counts.size(); ++index) {
    seen += histogram.counts[index];
    if (seen >= rank) return bucket_midpoint(histogram.values_ns[index]);
  }
  return std::nullopt;
}

namespace {

struct Bins {
  std::vector<double> counts;
  std::vector<double> widths;  // in octaves
};

Bins rebin(const SparseHistogram& histogram, double clock_step_ns) {
  const double factor = std::exp2(1.0 / 8);
  Bins bins;
  double low = std::max(1.0, static_cast<double>(histogram.values_ns.front()));
  double high = 0;
  const auto open = [&](double from) {
    low = from;
    high = std::max(low * factor, low + 2 * std::max(clock_step_ns, 1.0));
    bins.counts.push_back(0);
    bins.widths.push_back(std::log2(high / low));
  };
  open(low);
  for (std::size_t index = 0; index < histogram.counts.size(); ++index) {
    while (static_cast<double>(histogram.values_ns[index]) >= high) open(high);
    bins.counts.back() += static_cast<double>(histogram.counts[index]);
  }
  return bins;
}

std::vector<double> smoothed(const std::vector<double>& values) {
  std::vector<double> result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double before = i == 0 ? 0 : values[i - 1];
    const double after = i + 1 == values.size() ? 0 : values[i + 1];
    result[i] = (before + 2 * values[i] + after) / 4;
  }
  return result;
}

}  // namespace

Line line_through(std::span<const Point> points) {
  const auto n = static_cast<double>(points.size());
  Point mean;
  for (const Point& point : points) {
    mean.x += point.x / n;
    mean.y += point.y / n;
  }
  double xx = 0, xy = 0;
  for (const Point& point : points) {
    xx += (point.x - mean.x) * (point.x - mean.x);
    xy += (point.x - mean.x) * (point.y - mean.y);
  }
  Line line{.slope = xy / xx};
  double squares = 0, largest = 0, distances = 0;
  for (const Point& point : points) {
    const double missed = point.y - mean.y - line.slope * (point.x - mean.x);
    squares += missed * missed;
    largest = std::max(largest, std::abs(missed));
    distances += std::abs(point.x - mean.x);
  }
  line.residual = std::sqrt(squares / n);
  line.slope_error = distances * largest / xx;
  return line;
}

std::optional<bool> is_bimodal(const SparseHistogram& histogram, double clock_step_ns) {
  const auto total = static_cast<double>(count_of(histogram));
  if (total < 200) return std::nullopt;
  const Bins bins = rebin(histogram, clock_step_ns);
  const std::vector<double> counts = smoothed(bins.counts);
  std::vector<double> density(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) density[i] = counts[i] / bins.widths[i];

  std::vector<std::size_t> peak_after(counts.size());  // index of the highest bin from i on
  for (std::size_t i = counts.size(); i-- > 0;) {
    peak_after[i] = i + 1 < counts.size() && density[peak_after[i + 1]] > density[i] ? peak_after[i + 1] : i;
  }
  std::size_t peak_before = 0;
  double mass_before = 0;
  for (std::size_t dip = 1; dip + 1 < counts.size(); ++dip) {
    mass_before += bins.counts[dip - 1];
    if (density[dip - 1] > density[peak_before]) peak_before = dip - 1;
    const double mass_after = total - mass_before - bins.counts[dip];
    if (mass_before < 0.1 * total || mass_after < 0.1 * total) continue;
    const std::size_t peak = density[peak_before] < density[peak_after[dip + 1]] ? peak_before : peak_after[dip + 1];
    const bool beyond_noise = counts[peak] - counts[dip] > 4 * std::sqrt(counts[peak] + counts[dip]);
    if (density[dip] < density[peak] / 2 && beyond_noise) return true;
  }
  return false;
}

}  // namespace ipcbench

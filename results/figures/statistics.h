#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "harness/measure/histogram.h"
#include "results/model/record.h"

// Implements the statistics of docs/method.md: medians over launches with exact intervals, and histograms.

namespace ipcbench {

inline constexpr double kCoverage = 0.95;
inline constexpr double kSigmaPerMad = 1.4826;  // of a normal distribution
inline constexpr double kOutlierMads = 14.8;    // 10 standard deviations of a normal distribution

// Returns the middle value, or the mean of the two middle ones. `values` must be neither empty nor contain NaN.
double median(std::span<const double> values);
// Returns the median of |x - center|, unscaled.
double median_absolute_deviation(std::span<const double> values, double center);
// 1.4826 x the median absolute deviation from the median: the standard deviation of a normal distribution. 0 for none.
double robust_spread(std::span<const double> values);
// Returns |value - center| / mad > 14.8. If more than half of the values are equal (mad 0), any other value is an
// outlier.
bool is_outlier(double value, double center, double mad) noexcept;

// Names two order statistics that enclose the population median, whatever the distribution.
struct MedianInterval {
  std::size_t low = 0;   // rank, 1-based
  std::size_t high = 0;  // n + 1 - low
  double coverage = 0;   // the probability that the interval holds the median
};

// Returns the narrowest symmetric interval with at most `tail` on each side: the largest k with P(Bin(n, 1/2) < k) <=
// tail (David & Nagaraja, Order Statistics, 2003, 7.1). None if n is too small: under 6 for 95 %. Takes O(n).
std::optional<MedianInterval> median_interval(std::size_t n, double tail = (1 - kCoverage) / 2);

// Returns the tail of each of `looks` looks (1 or more) with which all looks together hold with 95 % (Bonferroni).
double tail_of_look(std::size_t looks) noexcept;
// Returns the median of the finite values with its interval: 95 % over all `looks` together. What is missing has a
// reason.
Figure figure_of(std::span<const double> values, std::size_t looks = 1);
// Returns a figure without a value, for this reason.
Figure no_figure(std::string reason);

// Below this many launches the median has no 95 % interval at a single look.
inline constexpr std::size_t kLeastForInterval = 6;
std::size_t least_for_interval(std::size_t looks) noexcept;

// Returns whether at least ten values lie above the quantile; otherwise it says nothing.
bool supports_quantile(std::uint64_t n, double q) noexcept;
// Rule 15: returns how many values that takes, for `q` under 1.
double values_for(double q) noexcept;

SparseHistogram sparse(const Histogram& histogram);
std::uint64_t count_of(const SparseHistogram& histogram) noexcept;
// Adds `other` to `into`; both must be ascending.
void merge(SparseHistogram& into, const SparseHistogram& other);
// Returns the midpoint of the bucket that holds the value of rank ceil(q * count), 0 < q <= 1; none if it is empty. A
// reduced histogram knows only what quantiles_of() keeps.
std::optional<double> quantile(const SparseHistogram& histogram, double q) noexcept;
// Returns the quantiles that have ten values above them, and the median of any.
Quantiles quantiles_of(const SparseHistogram& histogram);
// Returns the middle of a bucket of Histogram, given its lower bound.
double bucket_midpoint(std::uint64_t lower_bound) noexcept;

struct Point {
  double x = 0, y = 0;
};
struct Line {
  double slope = 0;
  double residual = 0;  // root mean square of the residuals, in units of y
  // Bound of the slope's error if no y is off by more than the largest residual: sum |x - mean| * residual / Sxx.
  double slope_error = 0;
};
// Fits a line by least squares. The points must have at least two different x.
Line line_through(std::span<const Point> points);

// Returns whether a histogram has two separated modes. It bins the values by 1/8 octave, but never narrower than two
// clock steps, which would leave gaps between neighbours. After smoothing by (1, 2, 1)/4, it looks for a bin that:
//   - has at least 10 % of all values on each side, and
//   - has a density under half of the lower of the two peaks beside it, by more than 4 sigma of Poisson counts.
// None under 200 values, which are too few to tell.
std::optional<bool> is_bimodal(const SparseHistogram& histogram, double clock_step_ns = 1);

}  // namespace ipcbench

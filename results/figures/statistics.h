#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "harness/measure/histogram.h"
#include "results/model/record.h"

// The statistics of docs/methodology: medians over launches with exact intervals, and histograms.

namespace ipcbench {

inline constexpr double kCoverage = 0.95;
inline constexpr double kSigmaPerMad = 1.4826;  // of a normal distribution
inline constexpr double kOutlierMads = 14.8;    // 10 standard deviations of a normal distribution

// The middle value, or the mean of the two middle ones. Not for empty spans or NaN.
double median(std::span<const double> values);
// The median of |x - center|, unscaled.
double median_absolute_deviation(std::span<const double> values, double center);
// 1.4826 x the median absolute deviation from the median: the standard deviation of a normal distribution. 0 for none.
double robust_spread(std::span<const double> values);
// |value - center| / mad > 14.8; where more than half of the values are equal (mad 0), any other value is one.
bool is_outlier(double value, double center, double mad) noexcept;

// Two order statistics that enclose the median of what was sampled, whatever its distribution.
struct MedianInterval {
  std::size_t low = 0;   // rank, 1-based
  std::size_t high = 0;  // n + 1 - low
  double coverage = 0;   // the probability that the interval holds the median
};

// The narrowest symmetric one that leaves at most `tail` on each side: the largest k with P(Bin(n, 1/2) < k) <= tail
// (David & Nagaraja, Order Statistics, 2003, 7.1). None where n is too small: under 6 for 95 %. Takes O(n).
std::optional<MedianInterval> median_interval(std::size_t n, double tail = (1 - kCoverage) / 2);

// What a figure that is looked at so many times (1 or more) may leave on each side, so that all looks together hold
// with 95 %.
double tail_of_look(std::size_t looks) noexcept;
// The median of the finite values with its interval: 95 %, over all `looks` together. What is missing has a reason.
Figure figure_of(std::span<const double> values, std::size_t looks = 1);
// No value, for this reason.
Figure no_figure(std::string reason);

// Launches under which the median has no 95 % interval: 6 for one look.
inline constexpr std::size_t kLeastForInterval = 6;
std::size_t least_for_interval(std::size_t looks) noexcept;

// A quantile says something only where at least ten values lie above it.
bool supports_quantile(std::uint64_t n, double q) noexcept;

SparseHistogram sparse(const Histogram& histogram);
std::uint64_t count_of(const SparseHistogram& histogram) noexcept;
// Adds `other` to `into`; both ascending.
void merge(SparseHistogram& into, const SparseHistogram& other);
// The midpoint of the bucket that holds the value of rank ceil(q * count), 0 < q <= 1; none if it is empty.
std::optional<double> quantile(const SparseHistogram& histogram, double q) noexcept;
// The middle of the values that share a bucket of Histogram, by the bucket's lower bound.
double bucket_midpoint(std::uint64_t lower_bound) noexcept;

struct Point {
  double x = 0, y = 0;
};
struct Line {
  double slope = 0;
  double residual = 0;  // root of the mean square of what the points miss it by, in units of y
  // The slope is off by no more than this if no y is off by more than the largest miss: sum |x - mean| * miss / Sxx.
  double slope_error = 0;
};
// By least squares; at least two different x.
Line line_through(std::span<const Point> points);

// Two separated modes: on bins of 1/8 octave (never narrower than two clock steps, which would leave gaps between
// values that are next to each other), smoothed by (1, 2, 1)/4, some bin has at least 10 % of all values on each side
// and a density under half of the lower of the two peaks beside it, by more than counting noise (4 sigma of Poisson
// counts). None under 200 values, which can't tell.
std::optional<bool> is_bimodal(const SparseHistogram& histogram, double clock_step_ns = 1);

}  // namespace ipcbench

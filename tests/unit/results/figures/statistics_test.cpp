#include "results/figures/statistics.h"

#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

TEST(Statistics, MedianIsTheMiddleOrTheMeanOfTheTwoMiddleValues) {
  EXPECT_EQ(median(std::vector<double>{3}), 3);
  EXPECT_EQ(median(std::vector<double>{9, 1, 5}), 5);
  EXPECT_EQ(median(std::vector<double>{4, 1, 3, 2}), 2.5);
}

TEST(Statistics, MedianAbsoluteDeviationIsUnscaled) {
  const std::vector<double> values = {1, 1, 2, 2, 4, 6, 9};  // |x - 2|: 1 1 0 0 2 4 7
  EXPECT_EQ(median_absolute_deviation(values, median(values)), 1);
}

struct KnownInterval {
  std::size_t n, low, high;
  double coverage;
};

// Ranks by David & Nagaraja; the coverage, 1 - 2 * sum of binomial coefficients / 2^n, is computed by hand.
TEST(Statistics, MedianIntervalHasTheExactRanksAndCoverage) {
  const KnownInterval known[] = {
      {6, 1, 6, 1 - 2.0 / 64},                      // C(6,0)
      {7, 1, 7, 1 - 2.0 / 128},                     // C(7,0); with C(7,1) it would be 87.5 %
      {8, 1, 8, 1 - 2.0 / 256},                     // C(8,0)
      {9, 2, 8, 1 - 2.0 * (1 + 9) / 512},           // 96.09 %
      {10, 2, 9, 1 - 2.0 * (1 + 10) / 1024},        // 97.85 %
      {12, 3, 10, 1 - 2.0 * (1 + 12 + 66) / 4096},  // 96.14 %
      {15, 4, 12, 1 - 2.0 * (1 + 15 + 105 + 455) / 32768},
  };
  for (const KnownInterval& expected : known) {
    const auto interval = median_interval(expected.n);
    ASSERT_TRUE(interval) << expected.n;
    EXPECT_EQ(interval->low, expected.low) << expected.n;
    EXPECT_EQ(interval->high, expected.high) << expected.n;
    EXPECT_NEAR(interval->coverage, expected.coverage, 1e-15) << expected.n;
  }
}

TEST(Statistics, FewerThanSixValuesHaveNoInterval) {
  for (std::size_t n = 0; n < 6; ++n) EXPECT_FALSE(median_interval(n)) << n;
}

TEST(Statistics, EveryIntervalCoversAtLeastItsLevelAndIsNotWiderThanNeeded) {
  for (std::size_t n = 6; n <= 3000; ++n) {
    const auto interval = median_interval(n);
    ASSERT_TRUE(interval) << n;
    EXPECT_GE(interval->coverage, kCoverage) << n;
    EXPECT_EQ(interval->low + interval->high, n + 1) << n;
    EXPECT_LT(interval->low, interval->high) << n;
  }
}

TEST(Statistics, MedianIntervalOfManyValuesAgreesWithTheNormalLimit) {
  for (const std::size_t n : {std::size_t{10'000}, std::size_t{1'000'000}}) {
    const auto interval = median_interval(n);
    ASSERT_TRUE(interval);
    const double limit = static_cast<double>(n) / 2 - 1.959964 * std::sqrt(static_cast<double>(n)) / 2;
    EXPECT_NEAR(static_cast<double>(interval->low), limit, 1.5) << n;
    EXPECT_GE(interval->coverage, kCoverage);
    EXPECT_LT(interval->coverage, 0.955);
  }
}

TEST(Statistics, ASmallerTailNeedsMoreValues) {
  const double tail = 0.05 / 24;  // log2(24 / 0.05) = 8.9
  EXPECT_FALSE(median_interval(8, tail));
  ASSERT_TRUE(median_interval(9, tail));
  EXPECT_EQ(median_interval(9, tail)->low, 1u);
}

TEST(Statistics, FigureOfNineIsTheSecondToTheEighthValue) {
  const Figure figure = figure_of(std::vector<double>{90, 10, 80, 20, 70, 30, 60, 40, 50});
  EXPECT_EQ(figure.median, 50);
  ASSERT_TRUE(figure.ci95);
  EXPECT_EQ(figure.ci95->low, 20);
  EXPECT_EQ(figure.ci95->high, 80);
  EXPECT_EQ(figure.n, 9u);
  EXPECT_EQ(figure.reason, "");
}

TEST(Statistics, AFigureSaysWhyItLacksAnIntervalOrAMedian) {
  const Figure few = figure_of(std::vector<double>{1, 2});
  EXPECT_EQ(few.median, 1.5);
  EXPECT_FALSE(few.ci95);
  EXPECT_NE(few.reason, "");
  const Figure none = figure_of({});
  EXPECT_FALSE(none.median);
  EXPECT_NE(none.reason, "");
}

TEST(Statistics, AFigureLeavesOutWhatIsNotFinite) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const Figure figure = figure_of(std::vector<double>{nan, 3, infinity, -infinity});
  EXPECT_EQ(figure.median, 3);
  EXPECT_EQ(figure.n, 1u);
}

TEST(Statistics, AnOutlierIsBeyondTenSigma) {
  EXPECT_FALSE(is_outlier(100 + 14.8, 100, 1));
  EXPECT_TRUE(is_outlier(100 + 14.9, 100, 1));
  EXPECT_TRUE(is_outlier(100 - 14.9, 100, 1));
  EXPECT_FALSE(is_outlier(100, 100, 0));
  EXPECT_TRUE(is_outlier(101, 100, 0));
}

TEST(Statistics, AQuantileNeedsTenValuesAboveIt) {
  EXPECT_TRUE(supports_quantile(20, 0.5));
  EXPECT_FALSE(supports_quantile(19, 0.5));
  EXPECT_TRUE(supports_quantile(100, 0.9));  // in doubles, 100 * (1 - 0.9) is less than 10
  EXPECT_TRUE(supports_quantile(1000, 0.99));
  EXPECT_FALSE(supports_quantile(999, 0.99));
  EXPECT_TRUE(supports_quantile(100'000, 0.9999));
  EXPECT_FALSE(supports_quantile(0, 0.5));
}

TEST(SparseHistograms, MergeAddsCountsInOrder) {
  SparseHistogram pooled;
  merge(pooled, {{10, 30}, {1, 2}});
  merge(pooled, {{5, 10, 40}, {7, 1, 4}});
  merge(pooled, {});
  EXPECT_EQ(pooled.values_ns, (std::vector<std::uint64_t>{5, 10, 30, 40}));
  EXPECT_EQ(pooled.counts, (std::vector<std::uint64_t>{7, 2, 2, 4}));
  EXPECT_EQ(count_of(pooled), 15u);
}

TEST(SparseHistograms, QuantileIsTheValueOfItsRank) {
  const SparseHistogram histogram{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}};
  EXPECT_EQ(quantile(histogram, 0.5), 5);
  EXPECT_EQ(quantile(histogram, 0.51), 6);
  EXPECT_EQ(quantile(histogram, 0.9), 9);
  EXPECT_EQ(quantile(histogram, 1), 10);
  EXPECT_EQ(quantile(histogram, 0.001), 1);
  EXPECT_FALSE(quantile({}, 0.5));
}

TEST(SparseHistograms, AWideBucketStandsForItsMiddle) {
  EXPECT_EQ(bucket_midpoint(100), 100);
  EXPECT_EQ(bucket_midpoint(1024), 1027.5);  // 1024 to 1031
  EXPECT_EQ(quantile({{1024}, {3}}, 0.5), 1027.5);
}

TEST(SparseHistograms, SparseKeepsNonEmptyBuckets) {
  const auto histogram = std::make_unique<Histogram>();
  histogram->record(7);
  histogram->record(7);
  histogram->record(1030);
  const SparseHistogram result = sparse(*histogram);
  EXPECT_EQ(result.values_ns, (std::vector<std::uint64_t>{7, 1024}));
  EXPECT_EQ(result.counts, (std::vector<std::uint64_t>{2, 1}));
}

// Adds a triangular mode on a log scale with at most `top` values in a step.
void add_mode(SparseHistogram& histogram, double center_ns, double half_width, std::uint64_t top) {
  const auto samples = std::make_unique<Histogram>();
  for (int step = -20; step <= 20; ++step) {
    const double at = center_ns * std::exp2(half_width * step / 20);
    const auto height = static_cast<double>(top) * (1 - std::abs(step) / 21.0);
    samples->counts[Histogram::index_of(static_cast<std::uint64_t>(at))] += static_cast<std::uint64_t>(height);
  }
  merge(histogram, sparse(*samples));
}

TEST(Bimodality, TwoSeparatedModesAreBimodal) {
  SparseHistogram histogram;
  add_mode(histogram, 6'000, 0.2, 1000);
  EXPECT_EQ(is_bimodal(histogram), false);
  add_mode(histogram, 45'000, 0.2, 500);
  EXPECT_EQ(is_bimodal(histogram), true);
}

TEST(Bimodality, ATailOfLessThanATenthIsNoMode) {
  SparseHistogram histogram;
  add_mode(histogram, 6'000, 0.2, 1000);
  add_mode(histogram, 45'000, 0.2, 90);
  EXPECT_EQ(is_bimodal(histogram), false);
}

TEST(Bimodality, ModesThatRunIntoEachOtherAreOne) {
  SparseHistogram histogram;
  add_mode(histogram, 10'000, 0.4, 1000);
  add_mode(histogram, 13'000, 0.4, 1000);
  EXPECT_EQ(is_bimodal(histogram), false);
}

TEST(Bimodality, ClockStepsAreNoModes) {
  SparseHistogram steps;  // a clock step of 20 ns
  for (std::uint64_t at = 40; at <= 160; at += 20) merge(steps, {{at}, {10'000}});
  EXPECT_EQ(is_bimodal(steps, 20), false);
}

TEST(Bimodality, FewOrNoValuesCannotTell) {
  EXPECT_EQ((is_bimodal({})), std::nullopt);
  EXPECT_EQ((is_bimodal({{0}, {1'000'000}})), false);
  EXPECT_EQ((is_bimodal({{10, 1'000}, {90, 90}})), std::nullopt);
  EXPECT_EQ((is_bimodal({{10, 1'000}, {900, 900}})), true);
}

TEST(LineThrough, FindsSlopeAndWhatIsMissed) {
  const Line exact = line_through(std::vector<Point>{{0, 1}, {2, 5}, {4, 9}});
  EXPECT_DOUBLE_EQ(exact.slope, 2);
  EXPECT_DOUBLE_EQ(exact.residual, 0);
  const Line flat = line_through(std::vector<Point>{{0, 1}, {1, -1}, {2, -1}, {3, 1}});
  EXPECT_DOUBLE_EQ(flat.slope, 0);
  EXPECT_DOUBLE_EQ(flat.residual, 1);
}

}  // namespace
}  // namespace ipcbench

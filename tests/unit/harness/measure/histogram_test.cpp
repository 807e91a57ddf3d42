#include "harness/measure/histogram.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

constexpr std::uint64_t kEnd = std::uint64_t{1} << Histogram::kMaxBits;

TEST(Histogram, BucketsFollowOneAnotherWithoutAGap) {
  EXPECT_EQ(Histogram::lower_bound(0), 0u);
  for (std::size_t i = 0; i + 1 < Histogram::kBuckets; ++i) {
    ASSERT_EQ(Histogram::lower_bound(i) + Histogram::width(i), Histogram::lower_bound(i + 1)) << i;
  }
  EXPECT_EQ(Histogram::lower_bound(Histogram::kBuckets - 1) + Histogram::width(Histogram::kBuckets - 1), kEnd);
}

TEST(Histogram, EveryBucketHoldsItsFirstAndItsLastValue) {
  for (std::size_t i = 0; i < Histogram::kBuckets; ++i) {
    const std::uint64_t first = Histogram::lower_bound(i);
    ASSERT_EQ(Histogram::index_of(first), i);
    ASSERT_EQ(Histogram::index_of(first + Histogram::width(i) - 1), i);
  }
}

TEST(Histogram, ValuesFromTheEndOnGoToTheLastBucket) {
  EXPECT_EQ(Histogram::index_of(kEnd - 1), Histogram::kBuckets - 1);
  EXPECT_EQ(Histogram::index_of(kEnd), Histogram::kBuckets - 1);
  EXPECT_EQ(Histogram::index_of(UINT64_MAX), Histogram::kBuckets - 1);
}

TEST(Histogram, OneValueComesBackWithinAHalfPercent) {
  for (std::uint64_t value = 1; value < kEnd; value += 1 + value / 61) {
    const auto histogram = std::make_unique<Histogram>();
    histogram->record(value);
    const double exact = static_cast<double>(value);
    ASSERT_LE(std::abs(histogram->quantile(0.5) - exact), 0.005 * exact) << value;
    if (value < Histogram::kPerOctave) {
      ASSERT_EQ(histogram->quantile(0.5), exact);
    }
  }
}

TEST(Histogram, QuantilesAreThoseOfTheSortedValues) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> round_trip(std::log(5'000.0), 1.5);
  const auto histogram = std::make_unique<Histogram>();
  std::vector<std::uint64_t> values;
  for (int i = 0; i < 100'000; ++i) {
    values.push_back(static_cast<std::uint64_t>(round_trip(random)));
    histogram->record(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const std::size_t rank : {1u, 1'000u, 50'000u, 90'000u, 99'000u, 99'900u, 100'000u}) {
    const double exact = static_cast<double>(values[rank - 1]);
    EXPECT_NEAR(histogram->quantile(static_cast<double>(rank) / 100'000), exact, 0.005 * exact + 0.5) << rank;
  }
}

TEST(Histogram, ARankIsNotMovedByBinaryFractions) {
  const auto histogram = std::make_unique<Histogram>();
  for (std::uint64_t value = 1; value <= 100; ++value) histogram->record(value);
  for (int percent = 1; percent <= 100; ++percent) {
    EXPECT_EQ(histogram->quantile(percent / 100.0), percent);
    EXPECT_EQ(histogram->quantile(percent * 0.01), percent);
  }
}

TEST(Histogram, MergingAddsCounts) {
  const auto fast = std::make_unique<Histogram>();
  const auto slow = std::make_unique<Histogram>();
  for (int i = 0; i < 3; ++i) fast->record(10);
  slow->record(100);
  fast->merge(*slow);
  EXPECT_EQ(fast->count(), 4u);
  EXPECT_EQ(fast->quantile(0.75), 10);
  EXPECT_EQ(fast->quantile(0.76), 100);
  EXPECT_EQ(slow->count(), 1u);
}

TEST(Histogram, WithoutValuesIsAllZero) {
  const auto histogram = std::make_unique<Histogram>();
  EXPECT_EQ(histogram->count(), 0u);
  EXPECT_EQ(histogram->quantile(0.5), 0);
}

}  // namespace
}  // namespace ipcbench

#include "tests/fidelity/judgement.h"

#include <gtest/gtest.h>

namespace ipcbench::fidelity {
namespace {

FidelityPair pair_of(double harness_ns, double reference_ns, std::vector<double> harness_canary = {},
                     std::vector<double> reference_canary = {}) {
  return {.harness = {.mean_ns = harness_ns, .p50_ns = harness_ns, .canary_ns = std::move(harness_canary)},
          .reference = {.mean_ns = reference_ns, .p50_ns = reference_ns, .canary_ns = std::move(reference_canary)}};
}

std::vector<FidelityPair> pairs_of(std::size_t n, double harness_ns, double reference_ns) {
  return std::vector<FidelityPair>(n, pair_of(harness_ns, reference_ns));
}

Figure figure(double low, double high) {
  return {.median = (low + high) / 2, .ci95 = Interval{.low = low, .high = high}, .n = 40};
}

TEST(Pairs, WithoutCanariesAreInOneState) { EXPECT_TRUE(in_one_state(pair_of(1, 1))); }

TEST(Pairs, AreDroppedWhereOneCanaryIsOfAnotherState) {
  EXPECT_TRUE(in_one_state(pair_of(1, 1, {100, 120}, {110, 150})));
  EXPECT_FALSE(in_one_state(pair_of(1, 1, {100, 100}, {500, 500})));
  EXPECT_FALSE(in_one_state(pair_of(1, 1, {100, 500}, {100, 100})));
  EXPECT_FALSE(in_one_state(pair_of(1, 1, {0, 100}, {100, 100})));
}

TEST(Pairs, RatioIsTheMedianOfPairedRatios) {
  const Figure ratio = ratio_of({pair_of(10, 10), pair_of(30, 10), pair_of(220, 200)}, Metric::mean);
  EXPECT_DOUBLE_EQ(ratio.median.value(), 1.1);
  EXPECT_FALSE(ratio.ci95) << "three pairs make no interval";
}

TEST(Pairs, RatioNeedsBothArms) {
  FidelityPair pair = pair_of(10, 10);
  pair.reference.p50_ns.reset();
  EXPECT_FALSE(ratio_of({pair}, Metric::p50).median);
  EXPECT_TRUE(ratio_of({pair}, Metric::mean).median);
}

TEST(Pairs, CanaryRatioUsesTheHarnessesOwnLaunches) {
  EXPECT_DOUBLE_EQ(ratio_to_canary({pair_of(300, 1, {90, 110}, {900, 900})}).median.value(), 3.0);
  EXPECT_FALSE(ratio_to_canary(pairs_of(9, 1, 1)).median);
}

TEST(Judgement, OnOneCpuTheWholeIntervalMustBeClose) {
  EXPECT_EQ(judge(figure(0.98, 1.02), false), Judgement::within);
  EXPECT_EQ(judge(figure(1.01, 1.02), false), Judgement::within);
  EXPECT_EQ(judge(figure(0.98, 1.04), false), Judgement::undecided);
  EXPECT_EQ(judge(figure(1.04, 1.06), false), Judgement::outside);
  EXPECT_EQ(judge(figure(0.90, 0.96), false), Judgement::outside);
}

TEST(Judgement, ExtraTimeIsJudgedAtTheFirstLookThatDecides) {
  EXPECT_EQ(judge_extra(pairs_of(9, 1000, 1000), 150), Judgement::undecided) << "before the first look";
  EXPECT_EQ(judge_extra(pairs_of(10, 1140, 1000), 150), Judgement::within);
  EXPECT_EQ(judge_extra(pairs_of(10, 1160, 1000), 150), Judgement::outside);
  std::vector<FidelityPair> pairs = pairs_of(10, 1300, 1000);
  pairs.resize(160, pair_of(1000, 1000));
  EXPECT_EQ(judge_extra(pairs, 150), Judgement::outside) << "later pairs give no other chance";
}

TEST(Judgement, ExtraTimeThatScattersAroundTheLimitIsUndecided) {
  std::vector<FidelityPair> pairs;
  for (int n = 0; n < 160; ++n) pairs.push_back(pair_of(n % 2 == 0 ? 1100 : 1200, 1000));
  EXPECT_EQ(judge_extra(pairs, 150), Judgement::undecided);
}

TEST(Judgement, ARingIsNoSlowerIfItsMedianIsAtMostOneAndItsIntervalEndsSoonAfter) {
  EXPECT_EQ(judge_no_slower(figure(0.20, 0.30)), Judgement::within);
  EXPECT_EQ(judge_no_slower(figure(0.95, 1.04)), Judgement::within);
  EXPECT_EQ(judge_no_slower(figure(0.98, 1.04)), Judgement::undecided) << "the median is over 1";
  EXPECT_EQ(judge_no_slower(figure(0.80, 1.10)), Judgement::undecided) << "the interval is too wide";
  EXPECT_EQ(judge_no_slower(figure(1.01, 1.02)), Judgement::outside);
  EXPECT_EQ(judge_no_slower({.median = 0.5}), Judgement::undecided) << "too few pairs";
}

TEST(Judgement, ARoundTripIsHeldAgainstTheCacheLines) {
  EXPECT_EQ(judge_at_most(figure(0.9, 1.1), 1.1), Judgement::within);
  EXPECT_EQ(judge_at_most(figure(1.0, 1.2), 1.1), Judgement::undecided);
  EXPECT_EQ(judge_at_most(figure(1.2, 1.3), 1.1), Judgement::outside);
  EXPECT_EQ(judge_at_most({.median = 0.5}, 1.1), Judgement::undecided) << "too few pairs";
}

TEST(Judgement, OnTwoCpusTheIntervalMustHoldOneAndBeNarrow) {
  EXPECT_EQ(judge(figure(0.96, 1.05), true), Judgement::within);
  EXPECT_EQ(judge(figure(0.90, 1.05), true), Judgement::undecided);
  EXPECT_EQ(judge(figure(1.01, 1.02), true), Judgement::outside);
}

TEST(Judgement, WithoutAnIntervalNothingIsDecided) {
  EXPECT_EQ(judge(ratio_of(pairs_of(5, 1, 1), Metric::p50), false), Judgement::undecided);
  EXPECT_EQ(judge(ratio_of(pairs_of(6, 1, 1), Metric::p50), false), Judgement::within);
}

}  // namespace
}  // namespace ipcbench::fidelity

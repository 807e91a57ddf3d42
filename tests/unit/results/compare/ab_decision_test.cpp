#include "results/compare/ab_decision.h"

#include <cmath>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/figures/statistics.h"
#include "tests/support/sample_pairs.h"

namespace ipcbench {
namespace {

using ::testing::DoubleNear;

TEST(AbDecision, EnoughRoundsAreThoseOfTheFormula) {
  for (const std::size_t gated : {1u, 2u, 6u, 12u, 24u, 100u}) {
    const auto formula = static_cast<std::size_t>(std::ceil(std::log2(static_cast<double>(gated) / 0.05)));
    EXPECT_EQ(least_rounds(gated), formula) << gated;
  }
  EXPECT_EQ(least_rounds(24), 9u);
}

TEST(AbDecision, TheIntervalIsThatOfTheOrderStatistics) {
  const std::vector<double> values = {9, 1, 8, 2, 7, 3, 6, 4, 5, 10};
  const Estimate at_5_percent = estimate(values, 0.05);
  EXPECT_EQ(at_5_percent.median, 5.5);
  ASSERT_TRUE(at_5_percent.interval);
  // P(Bin(10, 1/2) < 2) = 11 / 1024 = 1.07 %, < 3: 5.47 %.
  EXPECT_EQ(at_5_percent.interval->low, 2);
  EXPECT_EQ(at_5_percent.interval->high, 9);
  const Estimate at_6_percent = estimate(values, 0.06);
  EXPECT_EQ(at_6_percent.interval->low, 3);
  EXPECT_EQ(at_6_percent.interval->high, 8);
}

TEST(AbDecision, TooFewRoundsHaveNoInterval) {
  const std::vector<double> values = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
  EXPECT_FALSE(estimate(values, tail_of(24)).interval);
  EXPECT_EQ(decide(estimate(values, tail_of(24)), {.value = 0.02}), FigureVerdict::inconclusive);
  EXPECT_TRUE(estimate(values, tail_of(12)).interval);
}

TEST(AbDecision, DecidesByWhereTheWholeIntervalLies) {
  const auto verdict = [](double low, double high) {
    return decide({.n = 40, .median = (low + high) / 2, .interval = Interval{low, high}}, {.value = 0.02});
  };
  EXPECT_EQ(verdict(0.021, 0.05), FigureVerdict::candidate);
  EXPECT_EQ(verdict(0.02, 0.05), FigureVerdict::inconclusive);
  EXPECT_EQ(verdict(-0.02, 0.02), FigureVerdict::same);
  EXPECT_EQ(verdict(-0.03, 0.01), FigureVerdict::inconclusive);
  EXPECT_EQ(verdict(-0.05, -0.021), FigureVerdict::improved);
  EXPECT_EQ(verdict(-0.05, 0.05), FigureVerdict::inconclusive);
}

TEST(AbDecision, TheMarginIsTheLargestOfThree) {
  EXPECT_EQ(margin_of(Metric::rtt_p50, std::nullopt, 10, 5000).value, 0.02);
  EXPECT_EQ(margin_of(Metric::syscalls, std::nullopt, 10, 4).value, 0.01);
  const LearntMargin quiet{0.004, true}, loud{0.07, true}, advice{0.07, false};
  EXPECT_EQ(margin_of(Metric::rtt_p50, quiet, 10, 5000).source, MarginSource::least_change);
  EXPECT_EQ(margin_of(Metric::rtt_p50, loud, 10, 5000).value, 0.07);
  EXPECT_EQ(margin_of(Metric::rtt_p50, loud, 10, 5000).source, MarginSource::calibrated);
  EXPECT_EQ(margin_of(Metric::rtt_p50, advice, 10, 5000).value, 0.02);
  EXPECT_EQ(margin_of(Metric::rtt_p50, advice, 10, 5000).advice, 0.07);
  // 57 ns with a clock step of 10 ns: two steps are more than a third.
  const Margin coarse = margin_of(Metric::rtt_p50, loud, 10, 57);
  EXPECT_THAT(coarse.value, DoubleNear(20.0 / 57, 1e-12));
  EXPECT_EQ(coarse.source, MarginSource::clock);
}

TEST(AbDecision, OnlyFreshRoundsWithinTheMarginClearACandidate) {
  EXPECT_EQ(confirmed(FigureVerdict::candidate), FigureVerdict::regressed);
  EXPECT_EQ(confirmed(FigureVerdict::same), FigureVerdict::unconfirmed);
  EXPECT_EQ(confirmed(FigureVerdict::inconclusive), FigureVerdict::inconclusive);
  EXPECT_EQ(confirmed(FigureVerdict::improved), FigureVerdict::inconclusive);
}

TEST(AbDecision, MoreIsWorse) {
  LaunchPair pair;
  pair.base.rtt_p50_ns = 100;
  pair.head.rtt_p50_ns = 110;
  EXPECT_THAT(*log_ratio(pair, Metric::rtt_p50), DoubleNear(std::log(1.1), 1e-12));
}

TEST(AbDecision, CountsNextToNothingAreEqual) {
  LaunchPair pair;
  pair.base.switches_per_op = 0;
  pair.head.switches_per_op = 0.0004;
  EXPECT_EQ(log_ratio(pair, Metric::switches), 0);
  pair.head.switches_per_op = 1;
  EXPECT_GT(*log_ratio(pair, Metric::switches), 5);
}

TEST(AbDecision, WhatIsNoNumberIsNoRatio) {
  LaunchPair pair;
  pair.base.rtt_p50_ns = 100;
  for (const double bad : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    pair.head.rtt_p50_ns = bad;
    EXPECT_FALSE(log_ratio(pair, Metric::rtt_p50)) << bad;
  }
  pair.head.rtt_p50_ns = 100;
  pair.head.status = Status::crashed;
  EXPECT_FALSE(log_ratio(pair, Metric::rtt_p50));
}

TEST(AbDecision, APairCountsOnlyIfLimitsChangedBothArmsAlike) {
  std::vector<LaunchPair> pairs(4);
  for (LaunchPair& pair : pairs) pair.base.rtt_p50_ns = pair.head.rtt_p50_ns = 100;
  pairs[1].head.limits_met = "memory.max was hit";
  pairs[2].base.limits_met = "memory.max was hit";
  pairs[3].base.limits_met = pairs[3].head.limits_met = "a pipe has 8192 bytes";
  std::vector<const LaunchPair*> all;
  for (const LaunchPair& pair : pairs) all.push_back(&pair);
  const UsablePairs usable = usable_pairs(all, Metric::rtt_p50, nullptr);
  EXPECT_EQ(usable.pairs.size(), 2u);
  EXPECT_EQ(usable.other_limits, 2u);
  EXPECT_EQ(usable.limited, 1u);
}

class TwoStates : public ::testing::Test {
 protected:
  static LaunchPair pair_of(std::array<double, 2> base, std::array<double, 2> head) {
    LaunchPair pair{.case_id = kSampleCase};
    pair.base.rtt_p50_ns = pair.head.rtt_p50_ns = 100;
    pair.base.canary_ns = base;
    pair.head.canary_ns = head;
    return pair;
  }
};

TEST_F(TwoStates, APairCountsOnlyIfBothArmsSawTheSame) {
  PairSession session = sample_session(0, noise(0, 1));
  session.pairs = {pair_of({115, 116}, {114, 118}), pair_of({500, 510}, {505, 500}), pair_of({115, 115}, {500, 500}),
                   pair_of({115, 500}, {115, 500})};
  const std::vector<StateRecord> states = states_of(session.header.cases, session.pairs);
  ASSERT_EQ(states.size(), 1u);
  ASSERT_EQ(states[0].clusters_ns.size(), 2u);
  EXPECT_TRUE(in_one_state(&states[0], session.pairs[0]));
  EXPECT_TRUE(in_one_state(&states[0], session.pairs[1]));
  EXPECT_FALSE(in_one_state(&states[0], session.pairs[2]));
  EXPECT_FALSE(in_one_state(&states[0], session.pairs[3]));
  std::vector<const LaunchPair*> pairs;
  for (const LaunchPair& pair : session.pairs) pairs.push_back(&pair);
  const UsablePairs usable = usable_pairs(pairs, Metric::rtt_p50, &states[0]);
  EXPECT_EQ(usable.ratios.size(), 2u);
  EXPECT_EQ(usable.pairs.size(), 2u);
  EXPECT_EQ(usable.other_state, 2u);
}

}  // namespace
}  // namespace ipcbench

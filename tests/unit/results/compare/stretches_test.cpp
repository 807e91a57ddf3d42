#include "results/compare/stretches.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "results/compare/learn_noise.h"
#include "tests/support/sample_pairs.h"

namespace ipcbench {
namespace {

TEST(Stretches, AreNeighboursInTheirOrder) {
  SplitMix64 random(1);
  const Stretches stretches(100, 8);
  for (int n = 0; n < 50; ++n) {
    const std::vector<std::size_t> drawn = stretches.draw(20, random);
    ASSERT_EQ(drawn.size(), 20u);
    for (std::size_t i = 1; i < drawn.size(); ++i) {
      if (i % 8 == 0) continue;
      EXPECT_EQ(drawn[i], (drawn[i - 1] + 1) % 100);
    }
  }
}

TEST(Stretches, ReachEveryValueAndNothingElse) {
  SplitMix64 random(2);
  std::vector<int> seen(10);
  for (const std::size_t index : Stretches(10, 3).draw(3000, random)) ++seen.at(index);
  for (const int count : seen) EXPECT_GT(count, 200);
  EXPECT_TRUE(Stretches(0, 3).draw(5, random).empty());
  EXPECT_EQ(Stretches(2, 100).draw(5, random).size(), 5u);
}

TEST(Stretches, ASessionsTimesSayHowManyRoundsTakeTenSeconds) {
  PairSession session = sample_session(40, noise(0.01, 1));
  for (LaunchPair& pair : session.pairs) pair.at_s = 3 + 0.75 * pair.round;
  EXPECT_EQ(stretch_of(session), 14u);  // 13.3 rounds, rounded up
  for (LaunchPair& pair : session.pairs) pair.at_s = 30.0 * pair.round;
  EXPECT_EQ(stretch_of(session), 1u);
}

TEST(Stretches, WithoutTimesTheyFollowFromTheLengths) {
  PairSession session = sample_session(40, noise(0.01, 1));
  session.header.cases[0].ops = 50'000;  // two blocks of 250 ms in each of two launches, and 6 ms to start each
  EXPECT_EQ(stretch_of(session), 10u);
  session.pairs.clear();
  EXPECT_EQ(stretch_of(session), 1u);
}

// A disturbance lasts four seconds of every twenty: jobs that keep neighbours together meet it entirely or not at all.
TEST(Stretches, KeepWhatLastsTogether) {
  std::vector<double> ratios;
  const auto quiet = noise(0.002, 7);
  for (int round = 0; round < 1000; ++round) ratios.push_back(round % 40 < 18 ? 0.3 : quiet(round));
  const LearningRules rules{.rounds = 20, .jobs = 1000};
  EXPECT_LT(margin_of_jobs(ratios, rules, 1), 0.3);
  EXPECT_DOUBLE_EQ(margin_of_jobs(ratios, rules, 20), 0.3);
}

}  // namespace
}  // namespace ipcbench

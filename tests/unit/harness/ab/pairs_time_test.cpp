#include "harness/ab/pairs_time.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/plan_time.h"
#include "tests/support/pipe_plan.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(PairsTime, GrowsWithRoundsAndBlocks) {
  Plan plan = pipe_plan(12, {0, 0});
  const auto forty = estimate_pairs(plan, 40);
  EXPECT_GT(estimate_pairs(plan, 80) - forty, 12 * 2 * 40 * 2 * 15ms) << "two arms, two blocks each";
  plan.block = 5ms;
  EXPECT_LT(estimate_pairs(plan, 40), forty);
  plan.cases[0].skip_reason = "it can't run";
  EXPECT_LT(estimate_pairs(plan, 80), estimate_pairs(pipe_plan(12, {0, 0}), 80));
}

TEST(PairsTime, WhatFitsIsLeftAlone) {
  Plan plan = pipe_plan(12, {0, 0});
  EXPECT_EQ(fit_pairs_to_budget(plan, 40, 10min), 40);
  EXPECT_EQ(plan.block, 25ms);
  EXPECT_THAT(plan.notes, IsEmpty());
}

TEST(PairsTime, BlocksShrinkFirst) {
  Plan plan = pipe_plan(12, {0, 0});
  const auto whole = estimate_pairs(plan, 40);
  EXPECT_EQ(fit_pairs_to_budget(plan, 40, whole - 10s), 40);
  EXPECT_LT(plan.block, 25ms);
  EXPECT_GT(plan.block, kShortestBlock);
  EXPECT_LE(estimate_pairs(plan, 40), whole - 10s);
  EXPECT_THAT(plan.notes, ElementsAre(HasSubstr("blocks shortened from 25 ms to ")));
}

TEST(PairsTime, ThenRoundsButNeverUnderNine) {
  Plan plan = pipe_plan(12, {0, 0});
  Plan shortest = pipe_plan(12, {0, 0});
  shortest.block = kShortestBlock;
  const auto budget = estimate_pairs(shortest, 20) + 1ms;
  EXPECT_EQ(fit_pairs_to_budget(plan, 40, budget), 20);
  EXPECT_EQ(plan.block, kShortestBlock);
  EXPECT_THAT(plan.notes, ElementsAre(HasSubstr("blocks shortened"), HasSubstr("20 rounds up to the first look")));

  Plan crowded = pipe_plan(12, {0, 0});
  EXPECT_EQ(fit_pairs_to_budget(crowded, 40, 1s), 9);
  EXPECT_THAT(crowded.notes.back(), HasSubstr("over the budget of 1 s"));
  Plan few = pipe_plan(12, {0, 0});
  EXPECT_EQ(fit_pairs_to_budget(few, 4, 1s), 4) << "as asked for";
}

TEST(PairsTime, ARunThatGoesOnTakesNoMoreThanItsBudget) {
  Plan plan = pipe_plan(3, {0, 0});
  EXPECT_EQ(longest_going_on(plan), 0ns);
  plan.looks = {9, 18, 36, 72, 144};
  const auto all = longest_going_on(plan);
  EXPECT_GT(all, estimate(plan).launches * 14);
  plan.budget = estimate(plan).expected() + 2s;
  EXPECT_EQ(longest_going_on(plan), 2s);
  plan.budget = 1s;
  EXPECT_EQ(longest_going_on(plan), 0ns);
}

}  // namespace
}  // namespace ipcbench

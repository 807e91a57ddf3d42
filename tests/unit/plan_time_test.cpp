#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run/plan.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Plan plan_of(int cases, CpuPair cpus = {0, 1}) {
  Plan plan;
  plan.block = plan.suite.block = 25ms;
  for (int i = 0; i < cases; ++i) {
    CaseSpec spec;
    spec.transport = "pipe";
    spec.size = static_cast<std::size_t>(i) + 1;
    plan.cases.push_back({.spec = spec, .cpus = cpus});
  }
  return plan;
}

TEST(WarmUp, IsFiveMillisecondsOfTrafficAndAtLeastAHundredOps) {
  EXPECT_EQ(warm_up_ops(50), 100'000u);
  EXPECT_EQ(warm_up_ops(4'000), 2'000u);
  EXPECT_EQ(warm_up_ops(50'000), 100u);
  EXPECT_EQ(warm_up_ops(1e9), 100u);
}

TEST(Round125, IsTheLargestNotAbove) {
  EXPECT_EQ(round_1_2_5(1), 1u);
  EXPECT_EQ(round_1_2_5(1.9), 1u);
  EXPECT_EQ(round_1_2_5(2), 2u);
  EXPECT_EQ(round_1_2_5(4.9), 2u);
  EXPECT_EQ(round_1_2_5(5), 5u);
  EXPECT_EQ(round_1_2_5(9.99), 5u);
  EXPECT_EQ(round_1_2_5(10), 10u);
  EXPECT_EQ(round_1_2_5(123456), 100000u);
  EXPECT_EQ(round_1_2_5(1e9), 1'000'000'000u);
  EXPECT_EQ(round_1_2_5(0.1), 1u);
}

TEST(SetLengths, FillsTheBlock) {
  PlannedCase planned;
  set_lengths(planned, 5000, 25ms);
  EXPECT_EQ(planned.op_ns, 5000);
  EXPECT_EQ(planned.block_ops, 5000u);
  EXPECT_EQ(planned.warmup_ops, 1000u);
}

TEST(SetLengths, RoundsTheBlockDownAndTheWarmUpUp) {
  PlannedCase planned;
  set_lengths(planned, 6000, 25ms);
  EXPECT_EQ(planned.block_ops, 2000u);
  EXPECT_EQ(planned.warmup_ops, 1000u);
  set_lengths(planned, 4000, 25ms);
  EXPECT_EQ(planned.warmup_ops, 2000u);
  set_lengths(planned, 2000, 25ms);
  EXPECT_EQ(planned.warmup_ops, 5000u);
}

TEST(SetLengths, GivesSlowOpsTheirMinimum) {
  PlannedCase planned;
  set_lengths(planned, 1e8, 25ms);
  EXPECT_EQ(planned.block_ops, 20u);
  EXPECT_EQ(planned.warmup_ops, 100u);
}

TEST(Estimate, TimesThatFitIntoNoIntegerAreCutOff) {
  Plan plan = plan_of(100);
  plan.block = 31 * 24h;
  plan.passes = 10'000;
  EXPECT_GT(estimate(plan).total, 30 * 365 * 24h);
  plan.cases[0].block_ops = 1'000'000'000'000'000'000;
  plan.cases[0].op_ns = 1e12;
  EXPECT_GT(estimate(plan).total, 30 * 365 * 24h);
}

TEST(Estimate, AddsUp) {
  const PlanTime time = estimate(plan_of(10));
  EXPECT_EQ(time.total, time.fixed + time.pilot + time.launches + time.reserve + time.calls + time.memory);
  EXPECT_EQ(time.calls, 10 * kCallsOfACase);
  EXPECT_EQ(time.memory, kMemoryOfAChannel) << "sizes share it";
  EXPECT_EQ(time.launches, 10 * 9 * (2 * 25ms + 5ms + 4ms + 2ms));
  EXPECT_EQ(time.reserve, time.launches / 4);
}

TEST(Estimate, LeavesOutSkippedCases) {
  Plan plan = plan_of(2);
  plan.cases[0].skip_reason = "no";
  EXPECT_EQ(estimate(plan).launches, estimate(plan_of(1)).launches);
}

TEST(Estimate, KeepsNoReserveWithoutCanaries) {
  EXPECT_EQ(estimate(plan_of(3, {1, 1})).reserve, 0ns);
  EXPECT_EQ(estimate(plan_of(3, {-1, -1})).reserve, 0ns);
}

TEST(Estimate, KnowsThatStreamingHasOneBlockAndThatSilenceEndsALossyOne) {
  Plan plan = plan_of(1, {1, 1});
  plan.cases[0].spec.scenario = Scenario::streaming;
  EXPECT_EQ(estimate(plan).launches, 9 * (25ms + 5ms + 4ms));
  plan.cases[0].spec.transport = "udp";
  EXPECT_EQ(estimate(plan).launches, 9 * (25ms + 5ms + 4ms + 2 * 60ms));
}

TEST(Estimate, UsesThePilotsLengths) {
  Plan plan = plan_of(1, {1, 1});
  set_lengths(plan.cases[0], 1e6, plan.block);
  EXPECT_EQ(estimate(plan).launches, 9 * (2 * 20ms + 100ms + 4ms));
}

TEST(FitToBudget, LeavesAloneWhatFits) {
  Plan plan = plan_of(10);
  plan.suite.budget = 60s;
  fit_to_budget(plan);
  EXPECT_EQ(plan.block, 25ms);
  EXPECT_THAT(plan.notes, IsEmpty());
}

TEST(FitToBudget, ShortensBlocksBeforeAnythingElse) {
  Plan plan = plan_of(100);
  plan.suite.budget = 60s;
  fit_to_budget(plan);
  EXPECT_LT(plan.block, 25ms);
  EXPECT_GT(plan.block, 5ms);
  EXPECT_EQ(plan.passes, 9);
  EXPECT_LE(estimate(plan).total, 60s);
  EXPECT_GT(estimate(plan).total, 59s);
  EXPECT_THAT(plan.notes, ElementsAre(HasSubstr("blocks shortened from 25 ms to ")));
}

TEST(FitToBudget, SaysSoWhereEvenTheShortestBlocksAreTooLong) {
  Plan plan = plan_of(1000);
  plan.suite.budget = 60s;
  fit_to_budget(plan);
  EXPECT_EQ(plan.block, 5ms);
  EXPECT_EQ(plan.passes, 9);
  EXPECT_THAT(plan.notes, SizeIs(2));
  EXPECT_THAT(plan.notes, Contains(HasSubstr("over the budget of 60 s")));
}

TEST(PassOrder, IsAPermutationOfTheRunnableCases) {
  Plan plan = plan_of(50);
  plan.cases[7].skip_reason = "no";
  std::vector<std::size_t> order = pass_order(plan, 42, 0);
  EXPECT_THAT(order, SizeIs(49));
  std::sort(order.begin(), order.end());
  EXPECT_EQ(std::unique(order.begin(), order.end()), order.end());
  EXPECT_FALSE(std::binary_search(order.begin(), order.end(), 7u));
}

TEST(PassOrder, ComesBackFromItsSeedEverywhere) {
  const Plan plan = plan_of(8);
  EXPECT_THAT(pass_order(plan, 42, 0), ElementsAre(3, 6, 0, 7, 1, 2, 5, 4));
  EXPECT_THAT(pass_order(plan, 42, -1), ElementsAre(4, 0, 1, 7, 3, 6, 2, 5));
}

TEST(PassOrder, DiffersBetweenPassesAndSeeds) {
  const Plan plan = plan_of(50);
  EXPECT_NE(pass_order(plan, 42, 0), pass_order(plan, 42, 1));
  EXPECT_NE(pass_order(plan, 42, 0), pass_order(plan, 43, 0));
  EXPECT_NE(pass_order(plan, 42, 1), pass_order(plan, 43, 0));
  EXPECT_EQ(pass_order(plan, 42, 3), pass_order(plan, 42, 3));
}

TEST(PassOrder, OfNothingIsEmpty) { EXPECT_THAT(pass_order(Plan{}, 42, 0), IsEmpty()); }

}  // namespace
}  // namespace ipcbench

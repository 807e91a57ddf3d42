#include "harness/plan/plan_time.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run/launch_requests.h"
#include "tests/support/pipe_plan.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Compares to one part in a thousand, since the time of a few bytes is included.
::testing::AssertionResult is_about(std::chrono::nanoseconds time, std::chrono::nanoseconds wanted) {
  const auto off = time > wanted ? time - wanted : wanted - time;
  if (off * 1000 <= wanted) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << time.count() << " ns for " << wanted.count();
}

// Returns a plan of one case of a pipe on one CPU with messages of `size`; a round trip by default.
Plan large_plan(std::size_t size, Scenario scenario = Scenario::ping_pong) {
  Plan plan = pipe_plan(1, {1, 1});
  plan.cases[0].spec.size = size;
  plan.cases[0].spec.scenario = scenario;
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
  Plan plan = pipe_plan(100);
  plan.block = 31 * 24h;
  plan.passes = 10'000;
  EXPECT_GT(estimate(plan).total, 30 * 365 * 24h);
  plan.cases[0].block_ops = 1'000'000'000'000'000'000;
  plan.cases[0].op_ns = 1e12;
  EXPECT_GT(estimate(plan).total, 30 * 365 * 24h);
}

TEST(Estimate, AddsUp) {
  const PlanTime time = estimate(pipe_plan(10));
  EXPECT_EQ(time.total,
            time.fixed + time.floors + time.pilot + time.launches + time.reserve + time.calls + time.memory);
  EXPECT_EQ(time.expected() + time.reserve, time.total);
  EXPECT_EQ(time.calls, 10 * 85ms);
  EXPECT_TRUE(is_about(time.memory, 700ms)) << "sizes share it";
  EXPECT_TRUE(is_about(time.launches, 10 * 9 * (2 * 17500us + 7500us + 4ms + 2ms)));
  EXPECT_TRUE(is_about(time.reserve, time.launches / 4));
  EXPECT_EQ(time.bytes(), time.pilot_bytes + time.launch_bytes + time.calls_bytes);
}

TEST(Estimate, LeavesOutSkippedCases) {
  Plan plan = pipe_plan(2);
  plan.cases[0].skip_reason = "no";
  plan.cases[1].spec.size = plan.cases[0].spec.size;
  EXPECT_EQ(estimate(plan).launches, estimate(pipe_plan(1)).launches);
}

TEST(Estimate, KeepsNoReserveWithoutCanaries) {
  EXPECT_EQ(estimate(pipe_plan(3, {1, 1})).reserve, 0ns);
  EXPECT_EQ(estimate(pipe_plan(3, {-1, -1})).reserve, 0ns);
}

TEST(Estimate, KnowsThatStreamingHasOneBlockAndThatSilenceEndsALossyOne) {
  Plan plan = pipe_plan(1, {1, 1});
  plan.cases[0].spec.scenario = Scenario::streaming;
  EXPECT_TRUE(is_about(estimate(plan).launches, 9 * (17500us + 7500us + 4ms)));
  plan.cases[0].spec.transport = "udp";
  EXPECT_TRUE(is_about(estimate(plan).launches, 9 * (17500us + 7500us + 4ms + 2 * 60ms)));
}

TEST(Estimate, UsesThePilotsLengths) {
  Plan plan = pipe_plan(1, {1, 1});
  set_lengths(plan.cases[0], 1e6, plan.block);
  EXPECT_TRUE(is_about(estimate(plan).launches, 9 * (2 * 20ms + 100ms + 4ms)));
}

// Repeats the arithmetic of docs/method.md, "How long a run takes", by hand for a message of 256 MiB on one CPU. Its
// lines take one memcpy; each of two copies takes half a memcpy and 0.07 ns a byte. It moves in pieces of a socket's
// 400 KiB, since this pipe doesn't state its capacity.
TEST(Estimate, OfALargeMessageIsThatOfItsBytesAndPieces) {
  constexpr double kSize = 256 << 20;
  const double message_ns = kSize * (0.2 + 2 * (0.07 + 0.1)) + (kSize / (400 * 1024) - 0.5) * 4000;
  const HostSpeed speed{
      .near_copy_ns_per_byte = 0.1, .far_copy_ns_per_byte = 0.2, .wake_ns = {{Placement::same_cpu, 4000}}};
  const auto op_ns = [&](Scenario scenario) {
    return assumed_op_ns(large_plan(256 << 20, scenario).cases[0].spec, {1, 1}, PayloadMode::lines, speed);
  };
  EXPECT_NEAR(op_ns(Scenario::streaming), message_ns, message_ns / 1000);
  EXPECT_NEAR(op_ns(Scenario::ping_pong), 2 * message_ns, message_ns / 1000);
}

TEST(Estimate, OfALargeMessageHasTheFewestOpsOfEachPart) {
  constexpr double kSize = 256 << 20;
  Plan plan = large_plan(256 << 20);
  const double op_ns = assumed_op_ns(plan.cases[0].spec, {1, 1}, PayloadMode::lines, plan.speed);
  const PlanTime time = estimate(plan);
  EXPECT_EQ(time.launch_bytes, 9 * (100 + 2 * 20) * 2 * kSize) << "a warm-up of 100 and two blocks of 20 round trips";
  EXPECT_EQ(time.pilot_bytes, 20 * 2 * kSize);
  EXPECT_EQ(time.calls_bytes, (20 + 20) * 2 * kSize);
  const double launches_ns = static_cast<double>(time.launches.count());
  EXPECT_GT(launches_ns, 9 * 140 * op_ns);
  EXPECT_LT(launches_ns, 9 * 141 * op_ns + 9 * 4 * kSize * 0.31) << "and the memory of four buffers a launch";
  EXPECT_GT(static_cast<double>(time.pilot.count()), 20 * op_ns);
  EXPECT_GT(static_cast<double>(time.calls.count()), 40 * op_ns);
  EXPECT_EQ(estimate(large_plan(256 << 20, Scenario::streaming)).launch_bytes, 9 * (100 + 20) * kSize);
}

TEST(Estimate, OfASmallMessageIsThatOfItsBlocks) {
  for (const std::size_t size : {1, 64, 4096}) {
    EXPECT_TRUE(is_about(estimate(large_plan(size)).launches, 9 * (2 * 17500us + 7500us + 4ms))) << size;
  }
}

TEST(Estimate, GrowsWithTheSize) {
  std::chrono::nanoseconds last{};
  for (std::size_t size = 1; size <= std::size_t{1} << 40; size *= 4) {
    const std::chrono::nanoseconds total = estimate(large_plan(size)).total;
    EXPECT_GE(total, last) << size;
    last = total;
  }
  EXPECT_GT(estimate(large_plan(std::numeric_limits<std::size_t>::max())).total, last);
}

TEST(Estimate, IsTheRunsOwnOnceAPilotHasSetTheLengths) {
  Plan plan = large_plan(64 << 20);
  set_lengths(plan.cases[0], 5e8, plan.block);
  const CaseCost cost = cost_of(plan.cases[0], plan);
  EXPECT_EQ(cost.launch.bytes, 140.0 * 2 * (64 << 20));
  EXPECT_EQ(estimate(plan).launches, std::chrono::nanoseconds(std::llround(9 * cost.launch.ns)));
  EXPECT_NEAR(cost.launch.ns, 140 * 5e8, 1e9);
  CaseSpec spec = plan.cases[0].spec;
  const LaunchRequest request{.spec = spec};
  const LaunchRequest counted = counting_request(request, plan.cases[0]);
  EXPECT_EQ(cost.calls.bytes, static_cast<double>(counted.warmup_ops + counted.block_ops) * 2 * (64 << 20));
  EXPECT_GT(block_request(request, plan.cases[0]).deadline, 9 * std::chrono::nanoseconds(std::llround(cost.launch.ns)));
}

TEST(Estimate, DeadlinesWithoutAPilotAllowWhatLargeMessagesTake) {
  CaseSpec spec = large_plan(256 << 20).cases[0].spec;
  const LaunchRequest request{.spec = spec};
  const double op_ns = assumed_op_ns(spec, {1, 1}, PayloadMode::full, HostSpeed{});
  const auto covers = [&](std::chrono::nanoseconds deadline, double ops) {
    return static_cast<double>(deadline.count()) > 3 * ops * op_ns;
  };
  EXPECT_TRUE(covers(pilot_request(request).deadline, 20));
  EXPECT_TRUE(covers(launch_deadline(spec, 20, 100), 140));
  spec.size = 64;
  EXPECT_LT(pilot_request(request).deadline, 21s) << "a case that hangs is not waited for any longer";
  EXPECT_LT(launch_deadline(spec, 10'000, 100), 61s);
}

TEST(Estimate, CountsChannelsOfSetUpByTheirMemory) {
  Plan plan = large_plan(64, Scenario::setup);
  const auto small = estimate(plan).launches;
  EXPECT_LT(small, 9 * 60ms);
  EXPECT_EQ(estimate(plan).launch_bytes, 0);
  plan.cases[0].spec.transport = "box";
  plan.cases[0].spec.options = {{"capacity", std::to_string(1 << 30)}};
  EXPECT_GT(estimate(plan).launches, 9 * 22 * 500ms) << "2 GiB for each of 22 channels";
}

TEST(Estimate, OfHeaderAndFullPayloadIsLessAndMore) {
  Plan plan = large_plan(64 << 20);
  const auto with = [&](PayloadMode payload) {
    plan.payload = payload;
    return estimate(plan).launches;
  };
  EXPECT_LT(with(PayloadMode::header), with(PayloadMode::lines));
  EXPECT_GT(with(PayloadMode::full), with(PayloadMode::lines));
}

TEST(FitToBudget, IsTheSameWhateverTheHostsSpeed) {
  const auto fitted_block = [](double copy_ns) {
    Plan plan = large_plan(1 << 20);
    plan.cases.resize(60, plan.cases[0]);
    plan.suite.budget = 30s;
    plan.speed.near_copy_ns_per_byte = copy_ns;
    fit_to_budget(plan);
    EXPECT_EQ(plan.speed.near_copy_ns_per_byte, copy_ns);
    return plan.block;
  };
  EXPECT_LT(fitted_block(0.03), 25ms);
  EXPECT_EQ(fitted_block(0.03), fitted_block(3));
}

TEST(FormatVolume, HasThreeDigitsAtMost) {
  EXPECT_EQ(format_volume(0), "0 B");
  EXPECT_EQ(format_volume(640), "640 B");
  EXPECT_EQ(format_volume(1536), "1.5 KiB");
  EXPECT_EQ(format_volume(70.0 * (1 << 30)), "70 GiB");
  EXPECT_EQ(format_volume(1e15), "909 TiB");
}

TEST(FitToBudget, LeavesAloneWhatFits) {
  Plan plan = pipe_plan(10);
  plan.suite.budget = 60s;
  fit_to_budget(plan);
  EXPECT_EQ(plan.block, 25ms);
  EXPECT_THAT(plan.notes, IsEmpty());
}

TEST(FitToBudget, ShortensBlocksBeforeAnythingElse) {
  Plan plan = pipe_plan(100);
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
  Plan plan = pipe_plan(1000);
  plan.suite.budget = 60s;
  fit_to_budget(plan);
  EXPECT_EQ(plan.block, 5ms);
  EXPECT_EQ(plan.passes, 9);
  EXPECT_THAT(plan.notes, SizeIs(2));
  EXPECT_THAT(plan.notes, Contains(HasSubstr("over the budget of 60 s")));
}

}  // namespace
}  // namespace ipcbench

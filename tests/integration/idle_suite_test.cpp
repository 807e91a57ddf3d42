// The suite `idle` over the mechanisms that it names.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/make_plan.h"
#include "harness/plan/plan_time.h"
#include "harness/suite/suite.h"
#include "tests/support/recorded_machine.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(IdleSuite, TakesSixMinutes) {
  const Suite suite = load_suite("idle");
  const Plan plan = make_plan(suite, {}, machine("virtual-machine-2-cpus"), std::nullopt);
  EXPECT_EQ(plan.passes, 6);
  EXPECT_EQ(plan.cases.size(), 8u * 5);
  EXPECT_EQ(plan.block, suite.block) << "silences can't be shortened";
  EXPECT_THAT(plan.notes, Each(Not(HasSubstr("over the budget"))));
  std::size_t measured = 0;
  for (const PlannedCase& planned : plan.cases) measured += planned.skip_reason.empty() ? 1 : 0;
  // Each row: 20 silences of 111.1 ms in all and 5 of 1 s.
  const auto silences = 6 * (20 * 111'100us + 5s) * (measured / 5);
  const PlanTime time = estimate(plan);
  EXPECT_GE(time.launches, silences);
  EXPECT_LE(time.total, 6min);
  EXPECT_EQ(time.calls, 0s);
  EXPECT_EQ(time.memory, 0s);
}

TEST(IdleSuite, IsNarrowedAsAnyOther) {
  const Plan plan = make_plan(load_suite("idle"), {.transports = {"pipe"}, .options = {{"silence", "10ms"}}},
                              machine("virtual-machine-2-cpus"), 9);
  ASSERT_EQ(plan.cases.size(), 1u);
  EXPECT_EQ(plan.cases[0].spec.id(), "rate/pipe/block/64/same-cpu/silence=10ms");
  EXPECT_EQ(plan.passes, 9);
}

}  // namespace
}  // namespace ipcbench

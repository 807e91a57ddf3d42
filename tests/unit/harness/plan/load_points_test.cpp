#include "harness/plan/load_points.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/make_plan.h"
#include "harness/plan/open_loop_lengths.h"
#include "harness/plan/plan_time.h"
#include "tests/support/recorded_machine.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A suite of a pipe's curve, as the built-in one of all rows is.
Suite load_of_a_pipe() {
  const CaseGroup group{.scenarios = {Scenario::rate},
                        .transports = {"pipe"},
                        .waits = {"block"},
                        .sizes = {64},
                        .placements = {"same-cpu"},
                        .options = {}};
  Suite suite{.name = "load", .summary = "", .block = 1s, .most_load = 90, .groups = {group, group, group}};
  for (const char* share : {"10", "30", "50", "70", "80", "90"}) suite.groups[1].options.emplace_back("load", share);
  for (const char* rate : {"1k", "10k", "100k"}) suite.groups[2].options.emplace_back("rate", rate);
  return suite;
}

Plan plan_of(const Suite& suite) { return make_plan(suite, {}, machine("virtual-machine-2-cpus"), std::nullopt); }

std::vector<std::string> points_in(const Plan& plan) {
  std::vector<std::string> points;
  for (const PlannedCase& planned : plan.cases) {
    const std::string id = planned.spec.id();
    const std::string channel = "rate/pipe/block/64/same-cpu";
    points.push_back(id.size() > channel.size() ? id.substr(channel.size() + 1) : "saturation");
  }
  return points;
}

TEST(LoadPoints, AreThoseOfTheSuite) {
  const Plan plan = plan_of(load_of_a_pipe());
  EXPECT_THAT(points_in(plan), ElementsAre("saturation", "load=10", "load=30", "load=50", "load=70", "load=80",
                                           "load=90", "rate=1000", "rate=10000", "rate=100000"));
  EXPECT_THAT(plan.notes, IsEmpty());
  EXPECT_EQ(plan.suite.most_load, 90u);
}

TEST(LoadPoints, ThatAreGivenReplaceThem) {
  Suite suite = load_of_a_pipe();
  set_points(suite, {}, {"20k"});
  EXPECT_THAT(points_in(plan_of(suite)), ElementsAre("saturation", "rate=20000"));
  EXPECT_EQ(suite.most_load, 0u) << "a rate that someone asks for is measured, overloaded or not";
  set_points(suite, {"50", "95"}, {"1M"});
  EXPECT_THAT(points_in(plan_of(suite)), ElementsAre("saturation", "load=50", "load=95", "rate=1000000"));
}

TEST(LoadPoints, KeepOptionsOfTheSuite) {
  Suite suite = load_of_a_pipe();
  for (CaseGroup& group : suite.groups) group.options.emplace_back("schedule", "poisson");
  set_points(suite, {"50"}, {});
  EXPECT_THAT(points_in(plan_of(suite)), Contains("load=50/schedule=poisson"));
}

TEST(LoadPoints, AreLeftOutForABudgetAndLaunchesNever) {
  const Plan whole = plan_of(load_of_a_pipe());
  const auto fitted = [&](std::chrono::nanoseconds budget) {
    Plan plan = whole;
    fit_points_to_budget(plan, budget);
    EXPECT_EQ(plan.passes, 9);
    EXPECT_GE(plan.block, kShortestSchedule);
    return plan;
  };
  EXPECT_EQ(points_in(fitted(10min)), points_in(whole));
  EXPECT_EQ(fitted(10min).block, 1s);
  EXPECT_EQ(points_in(fitted(50s)), points_in(whole));
  EXPECT_LT(fitted(50s).block, 1s);
  EXPECT_THAT(fitted(50s).notes, ElementsAre(HasSubstr("blocks shortened from 1 s to")));

  const Plan shorter = fitted(25s);
  EXPECT_LE(estimate(shorter).total, 24s) << "there is a reserve";
  EXPECT_THAT(shorter.notes, Contains(HasSubstr("left out to fit 25 s: 80 %")));
  EXPECT_THAT(points_in(shorter), Contains("load=10"));
  EXPECT_THAT(points_in(shorter), Contains("load=90"));
  EXPECT_THAT(points_in(fitted(1ms)), ElementsAre("saturation", "load=90")) << "one is always measured";
  EXPECT_THAT(fitted(1ms).notes, Contains(HasSubstr("over the budget of 1 ms")));
}

}  // namespace
}  // namespace ipcbench

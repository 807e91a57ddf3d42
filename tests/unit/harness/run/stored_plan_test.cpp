#include "harness/run/stored_plan.h"

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "harness/run/launch_requests.h"
#include "tests/support/recorded_machine.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

// Returns a run of one case whose pilot succeeded.
Result stored_run() {
  Result result;
  result.payload = PayloadMode::lines;
  result.passes = 9;
  result.block_ns = 25e6;
  CaseRecord c = sample_case(Scenario::ping_pong, "pipe", WaitStrategy::block, 64, Placement::same_cpu);
  c.pilot_op_ns = 5000;
  c.ops = 5000;
  result.cases = {c};
  return result;
}

std::string plan_refusal(const Result& result) {
  try {
    plan_to_finish(result, "run.json");
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(StoredPlan, HasTheLengthsThatThePilotSet) {
  const Plan plan = plan_to_finish(stored_run(), "run.json");
  ASSERT_EQ(plan.cases.size(), 1u);
  EXPECT_EQ(plan.cases[0].block_ops, 5000u);
  EXPECT_EQ(plan.cases[0].op_ns, 5000);
  EXPECT_EQ(plan.passes, 9);
}

TEST(StoredPlan, ALengthThatNoPilotSetsIsRefused) {
  struct Bad {
    std::uint64_t ops;
    double op_ns;
    const char* words;
  };
  for (const Bad& bad : {Bad{9'000'000'000'000'000'000, 5000, "would take months"}, Bad{19, 5000, "fewer than the 20"},
                         Bad{5000, 1e300, "is no time per op"}, Bad{5000, 1e-300, "is no time per op"},
                         Bad{5000, -1, "no time per op"}, Bad{0, 5000, "no time per op"}}) {
    Result result = stored_run();
    result.cases[0].ops = bad.ops;
    result.cases[0].pilot_op_ns = bad.op_ns;
    EXPECT_THAT(plan_refusal(result), AllOf(HasSubstr("run.json: case \"" + result.cases[0].id), HasSubstr(bad.words)));
    std::map<std::string, std::string> lacks;
    EXPECT_THROW(plan_to_repeat(result, "run.json", machine("virtual-machine-2-cpus"), lacks), NotComparable);
    EXPECT_THAT(lacks[result.cases[0].id], HasSubstr(bad.words));
  }
}

TEST(StoredPlan, OptionsAreThoseThatAnIdMayHave) {
  Result result = stored_run();
  CaseRecord& c = result.cases[0];
  c.options = {{"reply", "4096"}};
  c.id += "/reply=4096";
  const Plan plan = plan_to_finish(result, "run.json");
  EXPECT_EQ(plan.cases[0].spec.id(), c.id);
  for (const char* bad : {"reply=many", "reply=0", "capacity=1"}) {
    const std::string option = bad;
    const std::size_t equals = option.find('=');
    c.options = {{option.substr(0, equals), option.substr(equals + 1)}};
    c.id = "ping-pong/pipe/block/64/same-cpu/" + option;
    EXPECT_THAT(plan_refusal(result), HasSubstr("this build has no option " + option));
  }
}

TEST(StoredPlan, TheLongestLengthsFitIntoTheirDeadline) {
  Result result = stored_run();
  result.cases[0].ops = 1'000'000'000'000'000;
  result.cases[0].pilot_op_ns = 5;
  const Plan plan = plan_to_finish(result, "run.json");
  const LaunchRequest request = block_request({.spec = plan.cases[0].spec}, plan.cases[0]);
  EXPECT_GT(request.deadline, std::chrono::hours(24 * 365));
}

TEST(StoredPlan, ARunWithoutABlockOrAPayloadHoldsNoPlan) {
  for (const double block_ns : {0.0, -1.0, 1e18}) {
    Result result = stored_run();
    result.block_ns = block_ns;
    EXPECT_THAT(plan_refusal(result), HasSubstr("how long a block is"));
  }
  Result result = stored_run();
  result.payload = PayloadName(std::string("some"));
  EXPECT_THAT(plan_refusal(result), HasSubstr("holds no plan"));
  result = stored_run();
  result.passes = 10'001;
  EXPECT_THAT(plan_refusal(result), HasSubstr("holds no plan"));
}

}  // namespace
}  // namespace ipcbench

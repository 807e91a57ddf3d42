// Plans of round trips after silence: what the option means and excludes, and how long blocks are.

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "harness/plan/open_loop_lengths.h"
#include "harness/plan/plan_time.h"
#include "harness/run/case_records.h"
#include "harness/run/launch_requests.h"
#include "results/model/result_error.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

PlannedCase silent_case(const std::string& silence) {
  PlannedCase planned;
  planned.spec = parse_case("rate/pipe/block/64/same-cpu/silence=" + silence);
  return planned;
}

std::string complaint_about(const std::string& options) {
  try {
    return parse_case("rate/pipe/block/64/same-cpu" + options).id();
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(Silence, IsATimeInTheCasesId) {
  EXPECT_EQ(silent_case("1000us").spec.id(), "rate/pipe/block/64/same-cpu/silence=1ms");
  EXPECT_EQ(parse_case("rate/pipe/block/64/same-cpu/silence=none").id(), "rate/pipe/block/64/same-cpu");
  EXPECT_EQ(complaint_about("/silence=10s"), "rate/pipe/block/64/same-cpu/silence=10s");
  EXPECT_THAT(complaint_about("/silence=10001ms"), HasSubstr("silence: 10001ms is longer than 10s"));
  EXPECT_THAT(complaint_about("/silence=0"), HasSubstr("silence: '0' is not a time"));
  EXPECT_THAT(complaint_about("/silence=long"), HasSubstr("or none: there is a schedule"));
}

TEST(Silence, ExcludesAllThatASchedulesSenderIsTold) {
  for (const std::string other : {"rate=1000", "load=50", "schedule=poisson", "form=round-trip", "pacer=spin"}) {
    EXPECT_THAT(complaint_about("/silence=1ms/" + other), HasSubstr("exclude each other: leave one out")) << other;
    EXPECT_THAT(complaint_about("/" + other + "/silence=1ms"), HasSubstr("'silence' and '")) << other;
  }
  EXPECT_EQ(complaint_about("/silence=1ms/form=one-way/rate=max"), "rate/pipe/block/64/same-cpu/silence=1ms")
      << "defaults say nothing";
}

TEST(Silence, IsWaitedForByATimerAndEndsInARoundTrip) {
  const CaseSpec spec = silent_case("1ms").spec;
  EXPECT_TRUE(has_answers(spec));
  const OpenLoop loop = open_loop_of(spec);
  EXPECT_EQ(loop.silence_ns, 1'000'000u);
  EXPECT_EQ(loop.form, LoopForm::round_trip);
  EXPECT_EQ(loop.pacing, Pacing::sleep);
  EXPECT_TRUE(loop.is_paced());
  EXPECT_EQ(saturation_of(spec).id(), "rate/pipe/block/64/same-cpu");
  const LoopSpec given{.scenario = Scenario::rate, .options = loop_options(spec)};
  EXPECT_TRUE(given.has_answers());
}

TEST(Silence, ABlockHasAsManyRoundTripsAsItsMedianNeedsOrAFewLongOnes) {
  const std::map<std::string, std::uint64_t> lengths{{"1ns", 20}, {"100us", 20}, {"999ms", 20}, {"1s", 5}, {"10s", 5}};
  for (const auto& [silence, ops] : lengths) {
    PlannedCase planned = silent_case(silence);
    set_lengths(planned, 1000, 25ms);
    EXPECT_EQ(planned.block_ops, ops) << silence;
    EXPECT_EQ(planned.warmup_ops, warm_up_ops(1000)) << "by full speed";
  }
  EXPECT_DOUBLE_EQ(scheduled_ns(silent_case("10ms"), 20, 5000), 20 * 10'005'000.0) << "no part without messages";
}

TEST(Silence, ALaunchHasTimeEnoughForIt) {
  PlannedCase planned = silent_case("10s");
  set_lengths(planned, 1000, 25ms);
  const CpuPair cpus{0, 0};
  const LaunchRequest request = block_request({.spec = planned.spec, .cpus = cpus, .clock = {}}, planned);
  EXPECT_GT(request.deadline, 10 * 50s);
}

TEST(Silence, AStoredCaseMayHaveFewerRoundTripsThanSlices) {
  PlannedCase planned = silent_case("1s");
  set_lengths(planned, 1000, 25ms);
  CaseRecord record = case_record(planned, PayloadMode::lines);
  record.pilot_op_ns = 1000;
  record.ops = planned.block_ops;
  EXPECT_EQ(planned_case(record, 25ms, "a file").block_ops, 5u);
  record.id = "rate/pipe/block/64/same-cpu/rate=1000";
  record.options = {{"rate", "1000"}};
  EXPECT_THROW(planned_case(record, 25ms, "a file"), ResultError);
}

}  // namespace
}  // namespace ipcbench

// Plans of open loops: what is added to them, and what they refuse.

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "harness/measure/stamps.h"
#include "harness/plan/make_plan.h"
#include "harness/plan/plan_time.h"
#include "harness/plan/refusal.h"
#include "harness/run/case_records.h"
#include "harness/run/loads.h"
#include "harness/sdk/registry.h"
#include "results/model/result_error.h"
#include "tests/support/recorded_machine.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Plan open_plan(std::vector<std::pair<std::string, std::string>> options, const std::string& transport = "pipe",
               const std::string& placement = "same-cpu", const std::vector<std::string>& filters = {}) {
  Suite suite;
  suite.name = "test";
  suite.block = 25ms;
  suite.groups.push_back({.scenarios = {Scenario::rate},
                          .transports = {transport},
                          .waits = {"block"},
                          .sizes = {64},
                          .placements = {placement},
                          .options = std::move(options)});
  return make_plan(suite, {.filters = filters}, machine("virtual-machine-2-cpus"), std::nullopt);
}

std::vector<std::string> planned_ids(const Plan& plan) {
  std::vector<std::string> ids;
  for (const PlannedCase& planned : plan.cases) ids.push_back(planned.spec.id());
  return ids;
}

TEST(OpenLoopPlan, ALoadComesWithItsSaturation) {
  const Plan plan = open_plan({{"load", "50"}, {"load", "80"}, {"schedule", "poisson"}});
  EXPECT_THAT(planned_ids(plan),
              ElementsAre("rate/pipe/block/64/same-cpu", "rate/pipe/block/64/same-cpu/load=50/schedule=poisson",
                          "rate/pipe/block/64/same-cpu/load=80/schedule=poisson"));
  EXPECT_THAT(plan.notes, Contains(HasSubstr("rate/pipe/block/64/same-cpu is measured as well")));
}

TEST(OpenLoopPlan, AFilterLeavesTheSaturation) {
  EXPECT_THAT(planned_ids(open_plan({{"load", "50"}}, "pipe", "same-cpu", {"load=50"})),
              ElementsAre("rate/pipe/block/64/same-cpu", "rate/pipe/block/64/same-cpu/load=50"));
}

TEST(OpenLoopPlan, ARateComesAlone) {
  EXPECT_THAT(planned_ids(open_plan({{"form", "round-trip"}, {"rate", "20k"}})),
              ElementsAre("rate/pipe/block/64/same-cpu/form=round-trip/rate=20000"));
}

TEST(OpenLoopPlan, ManyProducersAreACast) {
  const Plan plan = open_plan({{"load", "50"}, {"producers", "4"}});
  EXPECT_THAT(planned_ids(plan), ElementsAre("rate/pipe/block/64/same-cpu/producers=4/sharing=shared",
                                             "rate/pipe/block/64/same-cpu/load=50/producers=4/sharing=shared"));
  for (const PlannedCase& planned : plan.cases) {
    EXPECT_EQ(planned.skip_reason, "");
    EXPECT_EQ(planned.seat_cpus.size(), 5u);
  }
  EXPECT_EQ(open_plan({{"rate", "20k"}, {"sharing", "shared"}}).cases[0].seat_cpus.size(), 2u) << "a cast of one each";
  EXPECT_TRUE(open_plan({{"rate", "20k"}}).cases[0].seat_cpus.empty()) << "a pair";
  EXPECT_EQ(open_plan({{"producers", "4"}, {"rate", "20k"}}, "pipe", "nearest").cases[0].spec.placement,
            Placement::split);
}

TEST(OpenLoopPlan, CastsThatCanNotBeTimedSayWhy) {
  const auto why = [](std::vector<std::pair<std::string, std::string>> more, const std::string& transport = "pipe") {
    more.insert(more.end(), {{"producers", "4"}, {"rate", "20k"}});
    return open_plan(std::move(more), transport).cases.at(0).skip_reason;
  };
  EXPECT_EQ(why({}), "");
  EXPECT_THAT(why({{"form", "round-trip"}}), HasSubstr("clients that are answered are the scenario server"));
  EXPECT_THAT(why({}, "eventfd"), HasSubstr("none has a time of its own"));
  EXPECT_THAT(why({{"pacer", "spin"}}), HasSubstr("needs a CPU for each seat"));
  EXPECT_THAT(why({{"sharing", "inbox"}}), HasSubstr("sharing=shared"));
  CaseSpec silent = parse_case("rate/pipe/block/64/same-cpu/silence=1ms");
  EXPECT_THROW(set_option(silent, find_transport("pipe")->info(), "producers", "4"), UsageError);
}

TEST(OpenLoopPlan, ASpinningPacerNeedsACpuOfItsOwn) {
  EXPECT_THAT(open_plan({{"pacer", "spin"}, {"rate", "20k"}}).cases[0].skip_reason,
              HasSubstr("takes the receiver's CPU"));
  EXPECT_THAT(open_plan({{"pacer", "spin"}}).cases[0].skip_reason, HasSubstr("takes the receiver's CPU"))
      << "the saturation of loads that can't be measured";
  EXPECT_EQ(open_plan({{"rate", "20k"}}).cases[0].skip_reason, "");
  EXPECT_EQ(open_plan({{"pacer", "spin"}, {"rate", "20k"}}, "pipe", "nearest").cases[0].skip_reason, "");
}

TEST(OpenLoopPlan, ASaturationHasNeitherScheduleNorPacer) {
  EXPECT_THAT(planned_ids(open_plan({{"pacer", "spin"}, {"schedule", "poisson"}}, "pipe", "nearest")),
              ElementsAre("rate/pipe/block/64/same-l3"));
  EXPECT_THAT(planned_ids(open_plan({{"form", "round-trip"}, {"schedule", "poisson"}})),
              ElementsAre("rate/pipe/block/64/same-cpu/form=round-trip"));
}

TEST(OpenLoopPlan, ALockIsRefusedOneWayAndNotAnswered) {
  EXPECT_THAT(open_plan({{"rate", "20k"}}, "file-lock").cases[0].skip_reason, HasSubstr("a lock has no one-way form"));
  EXPECT_EQ(open_plan({{"form", "round-trip"}, {"rate", "20k"}}, "file-lock").cases[0].skip_reason, "");
}

TEST(OpenLoopPlan, StampsAreAmongTheMemoryThatACaseNeeds) {
  const Transport& pipe = *find_transport("pipe");
  const MemoryNeed stream = memory_need(parse_case("streaming/pipe/block/64/same-cpu"), pipe);
  const MemoryNeed open = memory_need(parse_case("rate/pipe/block/64/same-cpu/rate=20000"), pipe);
  EXPECT_EQ(open.all, stream.all + stamps_size(kMostStamps));
  EXPECT_EQ(open.each, stream.each + stamps_size(kMostStamps));
}

TEST(OpenLoopPlan, TimeIsThatOfTheSchedules) {
  const PlanTime slow = estimate(open_plan({{"rate", "20"}}));
  EXPECT_GT(slow.launches, 9 * 1s) << "nine launches of at least 20 messages, 20 a second";
  EXPECT_EQ(slow.calls, 0s) << "the calls of its pacer can't be told apart";
}

TEST(OpenLoopCase, IsReadBackAndRefusedWithReasons) {
  EXPECT_EQ(parse_case("rate/pipe/block/64/smt/schedule=burst-8/rate=20k/pacer=spin/form=one-way").id(),
            "rate/pipe/block/64/smt/pacer=spin/rate=20000/schedule=burst-8");
  const auto complaint_of = [](const std::string& options) -> std::string {
    try {
      return parse_case("rate/pipe/block/64/smt" + options).id();
    } catch (const UsageError& error) {
      return error.what();
    }
  };
  EXPECT_THAT(complaint_of("/load=50/rate=20000"), HasSubstr("exclude each other"));
  EXPECT_THAT(complaint_of("/rate=20000/load=50"), HasSubstr("exclude each other"));
  EXPECT_THAT(complaint_of("/pacer=spn"), HasSubstr("option 'pacer' of rate can't be 'spn'; did you mean 'spin'?"));
  EXPECT_THAT(complaint_of("/load=1001"), HasSubstr("load: 1001 is more than 1000; or none: the rate is given"));
  EXPECT_THAT(complaint_of("/rate=fast"), HasSubstr("or max: all are due at once"));
}

TEST(OpenLoopCase, KnowsWhetherItIsAnswered) {
  EXPECT_FALSE(has_answers(parse_case("rate/pipe/block/64/smt")));
  EXPECT_TRUE(has_answers(parse_case("rate/pipe/block/64/smt/form=round-trip")));
  EXPECT_TRUE(has_answers(parse_case("ping-pong/pipe/block/64/smt")));
  EXPECT_FALSE(has_answers(parse_case("streaming/pipe/block/64/smt")));
  LoopSpec spec{.scenario = Scenario::rate,
                .options = loop_options(parse_case("rate/pipe/block/64/smt/form=round-trip"))};
  EXPECT_TRUE(spec.has_answers());
  spec.options = {};
  EXPECT_FALSE(spec.has_answers());
}

// A run of which the saturation has been measured: 1.0, 1.1 … million a second.
void measure_saturation(RunState& state, std::size_t launches) {
  for (std::size_t index : {0u, 1u}) state.set_pilot(index, 500);
  for (std::size_t i = 0; i < launches; ++i) {
    LaunchRecord launch{.case_id = state.cases()[0].record.id};
    launch.load = LoadRecord{.achieved_per_s = 1e6 + 1e5 * static_cast<double>(i)};
    state.cases()[0].record.launches.push_back(launch);
  }
}

TEST(Loads, AreFixedOnceFromTheLowerEndOfTheSaturation) {
  const std::vector<std::pair<std::size_t, std::uint64_t>> rates{{9, 550'000}, {3, 500'000}, {0, 1'000'000}};
  for (const auto& [launches, rate] : rates) {  // the second of nine, the lowest of three, the pilot
    RunState state(open_plan({{"load", "50"}}), PayloadMode::lines);
    measure_saturation(state, launches);
    ASSERT_THAT(cases_without_rate(state), ElementsAre(1));
    EXPECT_EQ(saturation_index(state, 1), 0u);
    EXPECT_EQ(fix_rate(state, 1, 0), "");
    EXPECT_EQ(state.cases()[1].record.rate_per_s, rate) << launches;
    EXPECT_EQ(state.cases()[1].planned.rate_per_s, rate);
    EXPECT_TRUE(cases_without_rate(state).empty());
  }
}

TEST(Loads, ThatAreGivenAreLeftOutWhereThePlanSaysSo) {
  Plan plan = open_plan({{"rate", "500k"}});
  EXPECT_EQ(plan.cases.size(), 1u);
  const PlannedCase saturation = open_plan({}).cases.front();
  for (const auto& [most_load, why] :
       {std::pair(50u, ""), {49u, "500000/s is over 49 % of the saturation, 1000000/s"}}) {
    Plan limited = plan;
    limited.cases.insert(limited.cases.begin(), saturation);
    limited.suite.most_load = most_load;
    RunState state(limited, PayloadMode::lines);
    measure_saturation(state, 3);
    ASSERT_THAT(cases_without_rate(state), ElementsAre(1));
    EXPECT_EQ(fix_rate(state, 1, *saturation_index(state, 1)), why);
    EXPECT_FALSE(state.cases()[1].record.rate_per_s) << "its id has it";
  }
  RunState unlimited(plan, PayloadMode::lines);
  EXPECT_TRUE(cases_without_rate(unlimited).empty());
}

TEST(Loads, ThatAreGivenAreNotMeasuredTooNearToASaturationThatIsMeasuredToo) {
  Plan plan = open_plan({{"rate", "1200k"}});
  plan.cases.insert(plan.cases.begin(), open_plan({}).cases.front());
  RunState state(plan, PayloadMode::lines);
  measure_saturation(state, 9);
  ASSERT_THAT(cases_without_rate(state), ElementsAre(1));
  EXPECT_THAT(fix_rate(state, 1, 0), ::testing::HasSubstr("too near to the saturation of 1400000/s"));
  state.cases()[1].record.launches.push_back({.case_id = state.cases()[1].record.id});
  EXPECT_TRUE(cases_without_rate(state).empty()) << "what has been measured stays";
}

TEST(Loads, AreThoseOfTheFileWhenARunIsFinished) {
  RunState state(open_plan({{"load", "50"}}), PayloadMode::lines);
  measure_saturation(state, 9);
  fix_rate(state, 1, 0);
  const PlannedCase planned = planned_case(state.cases()[1].record, 25ms, "a file");
  EXPECT_EQ(planned.rate_per_s, 550'000u);
  EXPECT_EQ(planned.block_ops, state.cases()[1].planned.block_ops);
  CaseRecord bad = state.cases()[1].record;
  bad.rate_per_s = 0;
  EXPECT_THROW(planned_case(bad, 25ms, "a file"), ResultError);
  bad = state.cases()[1].record;
  bad.ops = kMostStamps + 1;
  EXPECT_THROW(planned_case(bad, 25ms, "a file"), ResultError);
}

}  // namespace
}  // namespace ipcbench

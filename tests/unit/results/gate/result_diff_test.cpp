#include "results/gate/result_diff.h"

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plots/jobs/job_outputs.h"
#include "results/figures/summary.h"
#include "tests/support/open_loops.h"
#include "tests/support/sample_pairs.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kPipe = "ping-pong/pipe/block/64/same-cpu";
constexpr const char* kTcp = "ping-pong/tcp/block/64/same-cpu";
constexpr const char* kEventfd = "ping-pong/eventfd/block/0/same-cpu";

// Returns three cases of 20 launches each; a pipe's round trip takes `pipe_ns`.
Result run_of(double pipe_ns = 5000) {
  Result result{
      .complete = true, .run_id = "r", .suite = "ci", .passes = 20, .payload = PayloadMode::lines, .block_ns = 25e6};
  result.machine.machine_class = "a machine";
  result.build.build_type = "Release";
  result.clock = {.kind = "tsc", .overhead_ns = 20, .resolution_ns = 10};
  for (const auto& [transport, size, ns] :
       {std::tuple("pipe", 64, pipe_ns), std::tuple("tcp", 64, 5000.0), std::tuple("eventfd", 0, 5000.0)}) {
    CaseRecord c = sample_case(Scenario::ping_pong, transport, WaitStrategy::block, static_cast<std::uint64_t>(size),
                               Placement::same_cpu);
    for (int pass = 0; pass < 20; ++pass) c.launches.push_back(sample_launch(c, pass, ns * (1 + 0.0004 * pass)));
    result.cases.push_back(std::move(c));
  }
  summarise(result);
  return result;
}

// Returns margins between runs for every round trip.
NoiseModel run_margins(std::size_t runs = kRunsForMargin) {
  NoiseModel model;
  for (const char* id : {kPipe, kTcp, kEventfd}) {
    for (const char* metric : {"rtt_p50_ns", "rtt_mean_ns"}) {
      model.figures.push_back({.case_id = id, .metric = metric, .runs = runs, .run_margin = 0.04});
    }
  }
  return model;
}

JobOutcome compared(const Result& base, const Result& head, ResultDiffRules rules = {.advisory = true}) {
  const std::vector<ResultDiffHead> heads = {{.result = &head}};
  return diff_results(base, heads, rules);
}

const LeftOut* left_out(const JobOutcome& outcome, const std::string& id) {
  for (const LeftOut& one : outcome.left_out) {
    if (one.case_id == id) return &one;
  }
  return nullptr;
}

bool is_decided(const JobOutcome& outcome, const std::string& id) {
  return std::ranges::any_of(outcome.decisions, [&](const Decision& d) { return d.case_id == id; });
}

// A run of one load of 20 launches, whose responses take `response_ns`; 0: it isn't sustained.
Result load_run_of(std::uint64_t response_ns, const OptionList& options = {{"rate", "20000"}}) {
  const bool sustained = response_ns > 0;
  Result result = open_loop_result(options);
  result.passes = 20;
  CaseRecord& c = result.cases.front();
  while (c.launches.size() < 20) c.launches.push_back(c.launches.front());
  for (std::size_t i = 0; i < c.launches.size(); ++i) {
    c.launches[i].pass = static_cast<int>(i);
    LoadRecord load =
        sustained ? steady_load(response_ns + 20 * i)
                  : LoadRecord{
                        .offered_per_s = 20'000, .achieved_per_s = 10'000 + static_cast<double>(i), .overloaded = true};
    c.launches[i].load = std::move(load);
  }
  summarise(result);
  return result;
}

std::optional<FigureVerdict> verdict_of(const JobOutcome& outcome, Metric metric) {
  for (const Decision& decision : outcome.decisions) {
    if (decision.metric == metric) return decision.verdict;
  }
  return std::nullopt;
}

TEST(ResultDiff, ALoadOfAGivenRateIsComparedByItsTimes) {
  const JobOutcome slower = compared(load_run_of(10'000), load_run_of(13'000));
  EXPECT_EQ(verdict_of(slower, Metric::load_p50), FigureVerdict::regressed);
  EXPECT_EQ(verdict_of(slower, Metric::message_time), FigureVerdict::same);
  EXPECT_EQ(verdict_of(compared(load_run_of(10'000), load_run_of(10'000)), Metric::load_p50), FigureVerdict::same);
}

TEST(ResultDiff, ARateThatTheHeadDoesNotSustainIsARegression) {
  const JobOutcome outcome = compared(load_run_of(10'000), load_run_of(0));
  EXPECT_EQ(verdict_of(outcome, Metric::message_time), FigureVerdict::regressed);
  EXPECT_FALSE(verdict_of(outcome, Metric::load_p50)) << "it has no latency";
}

TEST(ResultDiff, ALoadIsComparedIfItsRateIsTheSame) {
  Result base = load_run_of(10'000, {{"load", "50"}}), head = base;
  base.cases.front().rate_per_s = 20'000;
  head.cases.front().rate_per_s = 20'100;
  const std::string id = head.cases.front().id;
  ASSERT_NE(left_out(compared(base, head), id), nullptr);
  EXPECT_THAT(left_out(compared(base, head), id)->reason, HasSubstr("a share of each run's own saturation"));
  head.cases.front().rate_per_s = 20'000;
  EXPECT_TRUE(is_decided(compared(base, head), id)) << "check measures at the baseline's rate";
}

TEST(ResultDiff, AnotherPayloadModeIsNotComparable) {
  Result untouched = run_of();
  untouched.payload = PayloadMode::header;
  for (CaseRecord& c : untouched.cases) c.payload = PayloadMode::header;
  const JobOutcome outcome = compared(run_of(), untouched);
  for (const char* id : {kPipe, kTcp}) {
    EXPECT_FALSE(is_decided(outcome, id));
    ASSERT_NE(left_out(outcome, id), nullptr);
    EXPECT_EQ(left_out(outcome, id)->kind, LeftOutKind::not_comparable);
    EXPECT_THAT(left_out(outcome, id)->reason, HasSubstr("payload: lines and header"));
  }
  EXPECT_TRUE(is_decided(outcome, kEventfd)) << "it has no payload to touch";
}

// Returns a run in which every launch of the pipe has a pipe of this size. A size below the default means that a limit
// applied.
Result run_with_pipes(std::uint64_t bytes) {
  Result result = run_of();
  for (LaunchRecord& launch : result.cases[0].launches) {
    launch.buffers = {{"F_GETPIPE_SZ", "forward", bytes}};
    if (bytes < 65536) launch.limits_met = {sample_limit()};
  }
  summarise(result);
  return result;
}

TEST(ResultDiff, WhatALimitChangedOnOneSideIsNotComparable) {
  const JobOutcome outcome = compared(run_with_pipes(65536), run_with_pipes(8192));
  ASSERT_NE(left_out(outcome, kPipe), nullptr);
  EXPECT_EQ(left_out(outcome, kPipe)->kind, LeftOutKind::not_comparable);
  EXPECT_THAT(left_out(outcome, kPipe)->reason, HasSubstr("limits met: none and fs.pipe-user-pages-soft is 16384"));
  EXPECT_TRUE(is_decided(outcome, kTcp));
  EXPECT_TRUE(is_decided(compared(run_with_pipes(8192), run_with_pipes(8192)), kPipe));
  EXPECT_TRUE(is_decided(compared(run_of(), run_with_pipes(8192)), kPipe)) << "an earlier build stored no buffers";
}

TEST(ResultDiff, OtherBuffersAreComparedAndSaid) {
  const JobOutcome outcome = compared(run_with_pipes(65536), run_with_pipes(1 << 20));
  EXPECT_TRUE(is_decided(outcome, kPipe));
  EXPECT_THAT(outcome.notes,
              testing::Contains(std::string(kPipe) + ": other buffers: F_GETPIPE_SZ 65536 and F_GETPIPE_SZ 1048576"));
}

TEST(ResultDiff, WhatOneFileDoesNotKnowIsSaid) {
  Result head = run_of();
  head.machine.inherited = "usual";
  const JobOutcome outcome = compared(run_of(), head);
  EXPECT_TRUE(is_decided(outcome, kPipe));
  EXPECT_THAT(outcome.notes, testing::ElementsAre("3 cases, such as " + std::string(kPipe) +
                                                  ": known of one side only: inherited conditions: not known and "
                                                  "usual"));
}

TEST(ResultDiff, WithNothingComparableThereIsNoVerdict) {
  Result base = run_of(), untouched = run_of();
  base.cases.pop_back();
  untouched.cases.pop_back();
  for (CaseRecord& c : untouched.cases) c.payload = PayloadMode::header;
  const JobOutcome outcome = compared(base, untouched);
  EXPECT_EQ(verdict_of(outcome), JobVerdict::not_comparable);
  EXPECT_EQ(exit_code_of(verdict_of(outcome)), 5);
}

TEST(ResultDiff, AnotherBuildTypeAndLengthStandOnTop) {
  Result debug = run_of();
  debug.build.build_type = "Debug";
  debug.block_ns = 100e6;
  const JobOutcome outcome = compared(run_of(), debug);
  EXPECT_TRUE(is_decided(outcome, kPipe));
  ASSERT_FALSE(outcome.notes.empty());
  EXPECT_THAT(outcome.notes.front(), HasSubstr("build type: Release and Debug; block length: 25 ms and 100 ms"));
  EXPECT_THAT(compared(run_of(), run_of()).notes, IsEmpty());
}

TEST(ResultDiff, AMarginJudgesNoHeadOfAnotherKind) {
  const NoiseModel model = run_margins();
  const Result slow = run_of(9000);
  EXPECT_GT(compared(run_of(), slow, {.noise = &model}).gated, 0u);
  Result longer = slow;
  longer.block_ns = 100e6;
  const JobOutcome outcome = compared(run_of(), longer, {.noise = &model});
  EXPECT_EQ(outcome.gated, 0u);
  ASSERT_FALSE(outcome.decisions.empty());
  EXPECT_THAT(outcome.decisions.front().not_gated,
              HasSubstr("not calibrated between runs for this head: block length: 25 ms and 100 ms"));
  Result named = slow;
  named.suite = "mine";
  EXPECT_GT(compared(run_of(), named, {.noise = &model}).gated, 0u) << "a suite names cases, and changes no figure";
  Result mixed = slow;
  mixed.cases.back().workers = "exec";
  EXPECT_GT(compared(run_of(), mixed, {.noise = &model}).gated, 0u) << "the other cases' workers are the base's";
}

// Every multiple moves with its reference.
TEST(ResultDiff, AReferenceThatWasNotMeasuredAlikeIsNone) {
  const ResultDiffRules rules{.advisory = true, .reference = "pipe"};
  EXPECT_TRUE(is_decided(compared(run_with_pipes(65536), run_with_pipes(65536), rules), kTcp));
  const JobOutcome outcome = compared(run_with_pipes(65536), run_with_pipes(8192), rules);
  EXPECT_FALSE(is_decided(outcome, kTcp));
  ASSERT_NE(left_out(outcome, kTcp), nullptr);
  EXPECT_EQ(left_out(outcome, kTcp)->kind, LeftOutKind::not_comparable);
  EXPECT_THAT(left_out(outcome, kTcp)->reason, HasSubstr("pipe was not measured alike (base and head): limits met"));
}

TEST(ResultDiff, ACaseThatOneSideLacksIsNamed) {
  Result base = run_of(), head = run_of();
  base.cases.erase(base.cases.begin());
  head.cases.erase(head.cases.begin() + 1);
  const JobOutcome outcome = compared(base, head);
  ASSERT_NE(left_out(outcome, kPipe), nullptr);
  EXPECT_EQ(left_out(outcome, kPipe)->kind, LeftOutKind::missing);
  EXPECT_EQ(left_out(outcome, kPipe)->reason, "the base has no such case");
  ASSERT_NE(left_out(outcome, kTcp), nullptr);
  EXPECT_EQ(left_out(outcome, kTcp)->reason, "the head has no such case");
}

TEST(ResultDiff, WhyAHeadLacksACaseIsItsReason) {
  Result head = run_of();
  head.cases.erase(head.cases.begin());
  const std::vector<ResultDiffHead> heads = {{.result = &head, .lacks = {{kPipe, "this build lacks its transport"}}}};
  const JobOutcome outcome = diff_results(run_of(), heads, {.advisory = true});
  EXPECT_EQ(left_out(outcome, kPipe)->reason, "this build lacks its transport");
}

TEST(ResultDiff, StatesThatDifferAreNotComparable) {
  Result base, head;
  for (const auto& [result, canary] : {std::pair(&base, 115.0), std::pair(&head, 500.0)}) {
    *result = run_of();
    CaseRecord& pipe = result->cases[0];
    pipe = sample_case(Scenario::ping_pong, "pipe", WaitStrategy::block, 64, Placement::same_l3);
    for (int pass = 0; pass < 20; ++pass) {
      pipe.launches.push_back(sample_launch(pipe, pass, 5000));
      pipe.launches.back().canary_ns = {canary, canary};
    }
    summarise(*result);
  }
  const JobOutcome outcome = compared(base, head);
  ASSERT_NE(left_out(outcome, "ping-pong/pipe/block/64/same-l3"), nullptr);
  EXPECT_THAT(left_out(outcome, "ping-pong/pipe/block/64/same-l3")->reason, HasSubstr("canary state"));
}

// Several heads together may err as often as one.
TEST(ResultDiff, SeveralHeadsShareTheError) {
  const NoiseModel model = run_margins();
  const Result base = run_of(), same = run_of();
  const auto level_with = [&](std::size_t count) {
    const std::vector<ResultDiffHead> heads(count, ResultDiffHead{.result = &same});
    const JobOutcome outcome = diff_results(base, heads, {.noise = &model});
    EXPECT_EQ(outcome.gated, 3 * count);
    return *outcome.decisions.front().first.interval;
  };
  const Interval one = level_with(1), many = level_with(12);
  EXPECT_LT(many.low, one.low);
  EXPECT_GT(many.high, one.high);
}

TEST(ResultDiff, AMarginNeedsTheRunsThatItIsFrom) {
  const NoiseModel few = run_margins(kRunsForMargin - 1), enough = run_margins();
  EXPECT_EQ(compared(run_of(), run_of(5150), {.noise = &few}).gated, 0u);
  const JobOutcome outcome = compared(run_of(), run_of(5150), {.noise = &enough});
  EXPECT_EQ(outcome.gated, 3u);
  EXPECT_EQ(verdict_of(outcome), JobVerdict::pass) << "3 % is less than runs differ by";
  EXPECT_EQ(verdict_of(compared(run_of(), run_of(6000), {.noise = &enough})), JobVerdict::regression);
}

TEST(ResultDiff, WhatIsShownBesideARatioToAReferenceAgreesWithIt) {
  Result slower = run_of(6000);
  for (LaunchRecord& launch : slower.cases[1].launches) {
    *launch.mean_ns *= 1.2;
    for (std::uint64_t& value : launch.histogram.values_ns) value = value * 6 / 5;
  }
  summarise(slower);
  const JobOutcome outcome = compared(run_of(), slower, {.advisory = true, .reference = kTcp});
  for (const Decision& decision : outcome.decisions) {
    if (decision.case_id != kPipe || is_count(decision.metric)) continue;
    EXPECT_NEAR(std::log(*decision.head / *decision.base), decision.first.median, 0.002) << to_string(decision.metric);
  }
  EXPECT_THAT(outcome.notes,
              ::testing::Contains(HasSubstr("shown as if ping-pong/tcp/block/64/same-cpu had not changed")));
}

TEST(ResultDiff, FiguresStandAsMultiplesOfEachFilesOwnReference) {
  for (const char* name : {kTcp, "tcp"}) {
    const JobOutcome outcome = compared(run_of(5000), run_of(6000), {.advisory = true, .reference = name});
    bool found = false;
    for (const Decision& decision : outcome.decisions) {
      EXPECT_NE(decision.case_id, kTcp) << "the reference itself has nothing to decide";
      if (decision.case_id != kPipe || decision.metric != Metric::rtt_p50) continue;
      found = true;
      ASSERT_TRUE(decision.base_times && decision.head_times);
      EXPECT_TRUE(decision.base_times->paired);
      EXPECT_NEAR(std::log(*decision.head_times->median / *decision.base_times->median), decision.first.median, 0.02);
    }
    EXPECT_TRUE(found) << name;
    EXPECT_THAT(to_text(outcome, {}), AllOf(HasSubstr("base × reference"), HasSubstr("head × reference")));
  }
}

TEST(ResultDiff, ACaseWithoutARowOfReferenceIsLeftOutByName) {
  Result base = run_of(), head = run_of();
  for (Result* result : {&base, &head}) {
    CaseRecord stream = sample_case(Scenario::streaming, "pipe", WaitStrategy::block, 64, Placement::same_cpu);
    add_launches(stream, 9, 1000);
    result->cases.push_back(stream);
    summarise(*result);
  }
  const JobOutcome outcome = compared(base, head, {.advisory = true, .reference = "tcp"});
  EXPECT_THAT(outcome.left_out,
              ::testing::Contains(::testing::Field(&LeftOut::reason, "no row of tcp to compare it with")));
}

// Returns a head that `check` continued: 20 passes, numbers 20 to 39 for repeats, then 20 more of those that were
// undecided.
Result head_that_went_on(double later_ns, int later_launches) {
  Result head = run_of(5500);
  head.looks = {20, 40};
  CaseRecord& pipe = head.cases[0];
  for (int n = 0; n < later_launches; ++n) pipe.launches.push_back(sample_launch(pipe, 40 + n, later_ns));
  summarise(head);
  return head;
}

const Decision& pipe_rtt(const JobOutcome& outcome) {
  return *std::ranges::find_if(outcome.decisions, [](const Decision& d) {
    return d.case_id == kPipe && (d.metric == Metric::rtt_p50 || d.metric == Metric::rtt_mean);
  });
}

TEST(ResultDiff, WhatTheFirstLookDecidesLaterLaunchesDoNotChange) {
  const JobOutcome at_first = compared(run_of(), head_that_went_on(0, 0));
  ASSERT_EQ(pipe_rtt(at_first).verdict, FigureVerdict::regressed);
  const JobOutcome later = compared(run_of(), head_that_went_on(5000, 20));
  EXPECT_EQ(pipe_rtt(later).verdict, FigureVerdict::regressed);
  EXPECT_EQ(pipe_rtt(later).first.median, pipe_rtt(at_first).first.median);
  EXPECT_EQ(pipe_rtt(later).rounds, 20);
}

TEST(ResultDiff, AnUndecidedFigureIsLookedAtAgainOnceThePassesAreWhole) {
  const auto undecided = [](int later_launches) {
    Result head = head_that_went_on(5000, 0);
    CaseRecord& pipe = head.cases[0];
    for (LaunchRecord& launch : pipe.launches)
      launch = sample_launch(pipe, launch.pass, launch.pass % 2 == 0 ? 5000 : 5400);
    for (int n = 0; n < later_launches; ++n) pipe.launches.push_back(sample_launch(pipe, 40 + n, 5000));
    summarise(head);
    return head;
  };
  const JobOutcome at_first = compared(run_of(), undecided(0));
  ASSERT_EQ(pipe_rtt(at_first).verdict, FigureVerdict::inconclusive);
  EXPECT_EQ(pipe_rtt(at_first).next, (NextLook{40, false}));
  EXPECT_EQ(pipe_rtt(compared(run_of(), undecided(19))).rounds, 20) << "a part of a look isn't used";
  const JobOutcome later = compared(run_of(), undecided(20));
  EXPECT_EQ(pipe_rtt(later).verdict, FigureVerdict::same) << pipe_rtt(later).reason;
  EXPECT_EQ(pipe_rtt(later).rounds, 40);
  EXPECT_FALSE(pipe_rtt(later).next);
}

}  // namespace
}  // namespace ipcbench

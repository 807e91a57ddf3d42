#include "results/rows/precision.h"

#include <cmath>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/figures/statistics.h"
#include "results/figures/summary.h"
#include "results/files/json.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Returns `launches` launches of a round trip and of a stream, whose values are spread a hundred times as far.
Result run_of(int launches, std::vector<int> looks = {}) {
  Result result{.complete = true, .run_id = "r", .suite = "quick", .passes = 9, .payload = PayloadMode::lines};
  result.looks = std::move(looks);
  result.clock = {.kind = "tsc", .overhead_ns = 20, .resolution_ns = 10};
  CaseRecord steady = sample_case(Scenario::ping_pong, "pipe", WaitStrategy::block, 64, Placement::same_cpu);
  CaseRecord wide = sample_case(Scenario::streaming, "pipe", WaitStrategy::block, 64, Placement::same_cpu);
  for (int pass = 0; pass < launches; ++pass) {
    steady.launches.push_back(sample_launch(steady, pass, 5000 * (1 + 0.0005 * (pass % 9))));
    wide.launches.push_back(sample_launch(wide, pass, 500 * (1 + 0.05 * (pass % 9))));
  }
  result.cases = {steady, wide};
  summarise(result);
  return result;
}

TEST(Precision, IsOfTheHeadlineFigure) {
  const Result result = run_of(9);
  EXPECT_EQ(&headline_figure(result.cases[0]), &headline_rtt(result.cases[0].summary));
  EXPECT_EQ(&headline_figure(result.cases[1]), &result.cases[1].summary.messages_per_s);
  EXPECT_THAT(wider_than(result, 0.02), ElementsAre(false, true));
  EXPECT_THAT(wider_than(result, 0.9), ElementsAre(false, false));
  EXPECT_THAT(wider_text(result, 0.02), HasSubstr("streaming/pipe/block/64/same-cpu (±"));
  EXPECT_EQ(wider_text(result, 0.9), "");
}

TEST(Precision, WithoutAnIntervalACaseIsWider) {
  EXPECT_EQ(reach_of({.median = 5}), std::numeric_limits<double>::infinity());
  EXPECT_THAT(wider_than(run_of(5), 0.5), ElementsAre(true, true));
  EXPECT_THAT(wider_text(run_of(5), 0.5), HasSubstr("no interval"));
}

TEST(Precision, WhatWasSkippedIsNotAskedForMore) {
  Result result = run_of(9);
  result.cases[1].launches.clear();
  result.cases[1].status = Status::skipped;
  result.cases[1].reason = "it can't run";
  summarise(result);
  EXPECT_THAT(wider_than(result, 0.0001), ElementsAre(true, false));
}

// Each of five looks has a fifth of the error: 99 %.
TEST(Precision, IntervalsHoldOverAllLooksTogether) {
  EXPECT_NEAR(tail_of_look(1), 0.025, 1e-12);
  EXPECT_NEAR(tail_of_look(5), 0.005, 1e-12);
  EXPECT_EQ(least_for_interval(1), kLeastForInterval);
  EXPECT_EQ(least_for_interval(5), 8u);
  const std::vector<int> looks = {9, 18, 36, 72, 144};
  const Interval once = *headline_figure(run_of(18).cases[1]).ci95;
  const Interval five = *headline_figure(run_of(18, looks).cases[1]).ci95;
  EXPECT_LT(five.low, once.low);
  EXPECT_GT(five.high, once.high);
  EXPECT_FALSE(headline_figure(run_of(7, looks).cases[0]).ci95);
  EXPECT_THAT(headline_figure(run_of(7, looks).cases[0]).reason, HasSubstr("no interval under 8"));
}

TEST(Precision, ComesBackFromTheFileAndItsIntervalsWithIt) {
  Result result = run_of(18, {9, 18, 36, 72, 144});
  result.precision = 0.02;
  result.budget_ns = 6e11;
  const std::string text = to_json(result);
  Result back = result_from_json(text, "r.json");
  EXPECT_EQ(back.looks, result.looks);
  EXPECT_EQ(back.precision, 0.02);
  EXPECT_EQ(back.budget_ns, 6e11);
  check_summary(back, "r.json");
  EXPECT_EQ(to_json(back), text);

  std::string bad = text;
  const std::string key = "\"looks\": [9, 18, 36, 72, 144]";
  ASSERT_NE(bad.find(key), std::string::npos);
  EXPECT_THROW(result_from_json(bad.replace(bad.find(key), key.size(), "\"looks\": [9, 9]"), "r.json"), ResultError);
}

TEST(Precision, AResultOfAnEarlierBuildHasNone) {
  std::string text = to_json(run_of(9));
  for (const std::string key : {"\"looks\": [], ", "\"precision\": null, ", "\"budget_ns\": null, "}) {
    if (const std::size_t at = text.find(key); at != std::string::npos) text.erase(at, key.size());
  }
  Result back = result_from_json(text, "old.json");
  EXPECT_TRUE(back.looks.empty() && !back.precision && !back.budget_ns);
  check_summary(back, "old.json");
}

}  // namespace
}  // namespace ipcbench

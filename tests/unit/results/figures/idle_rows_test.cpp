// Figures of round trips after silence: what a launch with few of them has, and what they have together.

#include "results/figures/idle_rows.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "results/figures/load_summary.h"
#include "results/figures/statistics.h"
#include "results/figures/summary.h"
#include "results/files/json.h"
#include "results/rows/precision.h"
#include "tests/support/idle_sample.h"
#include "tests/support/open_loops.h"
#include "tests/support/schema_errors.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

const CaseRecord& find_case(const Result& result, const std::string& id) {
  return *std::ranges::find(result.cases, id, &CaseRecord::id);
}

TEST(IdleSummary, TwentyRoundTripsHaveAMedianOfTheirOwn) {
  const Result result = idle_result();
  const CaseRecord& c = find_case(result, "rate/pipe/block/64/same-l3/silence=10ms");
  EXPECT_EQ(c.summary.service_p50.median, quantile(many(30'000), 0.5));
  EXPECT_TRUE(c.summary.service_p50.ci95);
  EXPECT_EQ(c.summary.service_p50_pooled.median, quantile(many(30'000), 0.5));
  EXPECT_FALSE(c.summary.service_p50_pooled.ci95);
  EXPECT_EQ(c.summary.service_p50_pooled.reason, "pooled over 6 launches: no interval");
  EXPECT_EQ(&headline_figure(c), &c.summary.service_p50);
}

TEST(IdleSummary, FiveHaveOneOfAllLaunchesTogether) {
  const Result result = idle_result();
  const CaseRecord& c = find_case(result, "rate/pipe/block/64/same-l3/silence=1s");
  EXPECT_FALSE(c.summary.service_p50.median);
  EXPECT_EQ(c.summary.service_p50.reason, "needs 20 messages in a launch, there are 5");
  EXPECT_EQ(c.summary.service_p50_pooled.median, quantile(many(50'000), 0.5));
  EXPECT_EQ(c.summary.lateness_p50_pooled.median, quantile(many(4'000), 0.5));
  EXPECT_EQ(c.summary.service_max.median, 54'500) << "the maximum needs no support";
}

TEST(IdleSummary, ThreeLaunchesOfFiveHaveNone) {
  Result result = idle_result();
  for (CaseRecord& c : result.cases) c.launches.resize(3);
  summarise(result);
  const CaseRecord& c = find_case(result, "rate/pipe/block/64/same-l3/silence=1s");
  EXPECT_EQ(c.summary.service_p50_pooled.reason, "needs 20 messages in all launches, there are 15");
}

TEST(IdleSummary, HasNeitherARateNorASaturationNorCpuTime) {
  const Result result = idle_result();
  for (const CaseRecord& c : result.cases) {
    EXPECT_FALSE(measures_saturation(c));
    EXPECT_TRUE(follows_silences(c));
    EXPECT_THAT(c.summary.offered_per_s.reason, HasSubstr("no schedule offers any"));
    EXPECT_FALSE(c.summary.saturation_per_s.median);
    EXPECT_THAT(c.summary.cpu_ns_per_op.reason, HasSubstr("mostly the timer's"));
    EXPECT_EQ(c.summary.not_ranked, "");
    EXPECT_FALSE(c.summary.clock_error_ns) << "round trips are stamped by one clock";
  }
  const Result load = [] {
    Result other = open_loop_result({{"rate", "20000"}});
    summarise(other);
    return other;
  }();
  EXPECT_THAT(load.cases[0].summary.service_p50_pooled.reason, HasSubstr("only round trips after silence"));
}

TEST(IdleSummary, IsStoredAndReadBack) {
  const Result result = idle_result();
  const std::string text = to_json(result);
  const auto document = nlohmann::json::parse(text);
  EXPECT_EQ(schema_errors("ipcbench-result", document), "");
  EXPECT_EQ(document["cases"][0]["launches"][0]["load"]["silence_ns"], 100'000);
  EXPECT_TRUE(document["cases"][0]["summary"].contains("pooled_ns"));
  EXPECT_EQ(document["machine"]["idle"][0]["id"], "idle-driver");
  const Result back = result_from_json(text, "a file");
  EXPECT_EQ(to_json(back), text);
  ASSERT_EQ(idle_rows(back).size(), 2u);

  Result load = open_loop_result({{"rate", "20000"}});
  summarise(load);
  EXPECT_FALSE(nlohmann::json::parse(to_json(load))["cases"][0]["summary"].contains("pooled_ns"));
}

TEST(IdleRows, HoldTheSilencesOfAChannelByTheirLength) {
  const Result result = idle_result();
  const std::vector<IdleRow> rows = idle_rows(result);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].key, "rate/pipe/block/64/same-l3");
  ASSERT_EQ(rows[0].points.size(), 3u);
  EXPECT_EQ(rows[0].points[0].silence_ns, 100'000);
  EXPECT_EQ(rows[0].points[2].silence_ns, 1e9);
  EXPECT_EQ(longest(*rows[0].points[0].measured, &LoadRecord::service_max_ns), 12'000 + 5'000)
      << "of the last launch, which had the longest";
}

TEST(IdleRows, AreOfSilencesAlone) {
  Result result = open_loop_result({{"rate", "20000"}});
  summarise(result);
  EXPECT_TRUE(idle_rows(result).empty());
}

}  // namespace
}  // namespace ipcbench

#include "results/rows/mux_crossings.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plots/tables/mux_tables.h"
#include "results/figures/load_summary.h"
#include "results/figures/summary.h"
#include "tests/support/casts.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Makes every launch of the cases by `mux` take `factor` times as long.
Result slower_by(Result result, const std::string& mux, double factor) {
  for (CaseRecord& c : result.cases) {
    if (scenario_option(c, "mux") != mux) continue;
    for (LaunchRecord& launch : c.launches) *launch.block_ns *= factor;
  }
  summarise(result);
  return result;
}

TEST(MuxCrossings, LieBetweenTheNumbersAtWhichEachIsSurelyBetter) {
  const Result result = channels_result();
  const std::vector<MuxCrossing> crossings = mux_crossings(result);
  ASSERT_THAT(crossings, SizeIs(1));
  const MuxCrossing& found = crossings.front();
  EXPECT_EQ(found.few, "poll");
  EXPECT_EQ(found.many, "epoll");
  EXPECT_EQ(found.active, "all");
  ASSERT_THAT(found.points, SizeIs(4));
  EXPECT_NEAR(*found.points[0].ratio.median, 0.5, 1e-9);
  EXPECT_NEAR(*found.points[3].ratio.median, 4, 1e-9);
  EXPECT_EQ(found.surely_few, 1);
  EXPECT_EQ(found.surely_many, 64);
  ASSERT_TRUE(found.crossing);
  EXPECT_NEAR(*found.crossing, 16, 1e-6) << "there both take 1000 ns";
}

TEST(MuxCrossings, AreInterpolatedOnLogarithmicAxes) {
  const Result result = slower_by(channels_result(), "poll", 1.4142135623730951);  // the ratio is 1 half a step earlier
  const MuxCrossing found = mux_crossings(result).at(0);
  EXPECT_NEAR(*found.crossing, 4, 1e-3) << "the geometric middle of 1 and 16";
}

TEST(MuxCrossings, OfWaysThatNeverCrossThereIsNone) {
  const Result result = slower_by(channels_result(), "poll", 100);
  const MuxCrossing found = mux_crossings(result).at(0);
  EXPECT_EQ(found.few, "epoll");
  EXPECT_EQ(found.surely_few, 256);
  EXPECT_FALSE(found.surely_many);
  EXPECT_FALSE(found.crossing);
}

TEST(MuxCrossings, OfOneActiveChannelBeginWithASingleOne) {
  Result result = channels_result();
  for (CaseRecord& c : result.cases) {
    if (c.options.front().second != "1") c.options.insert(c.options.begin(), {"active", "1"});
  }
  summarise(result);
  const std::vector<MuxCrossing> crossings = mux_crossings(result);
  ASSERT_THAT(crossings, SizeIs(1));
  EXPECT_EQ(crossings[0].active, "1");
  EXPECT_THAT(crossings[0].points, SizeIs(4));
}

TEST(MuxCrossings, NeedTwoWaysAndTwoNumbers) {
  Result one_way = channels_result();
  std::erase_if(one_way.cases, [](const CaseRecord& c) { return scenario_option(c, "mux") == "poll"; });
  EXPECT_THAT(mux_crossings(one_way), IsEmpty());
  Result one_number = channels_result();
  std::erase_if(one_number.cases, [](const CaseRecord& c) { return scenario_option(c, "channels") != "16"; });
  EXPECT_THAT(mux_crossings(one_number), IsEmpty());
  EXPECT_THAT(mux_crossings(cast_result()), IsEmpty());
}

TEST(MuxCrossings, NeedEnoughLaunchesForAnInterval) {
  Result result = channels_result();
  for (CaseRecord& c : result.cases) c.launches.resize(3);
  summarise(result);
  EXPECT_THAT(mux_crossings(result), IsEmpty());
}

TEST(MuxTable, ShowsTheCrossingWithItsInterval) {
  const std::vector<Table> tables = mux_tables(channels_result());
  ASSERT_THAT(tables, SizeIs(1));
  EXPECT_EQ(tables[0].id, "mux/same-cpu");
  const std::string text = to_text(tables[0], {});
  EXPECT_THAT(text, HasSubstr("poll, then epoll"));
  EXPECT_THAT(text, HasSubstr("16"));
  const std::string csv = to_csv(tables[0]);
  EXPECT_THAT(csv, HasSubstr("crossing_channels,crossing_channels_low,crossing_channels_high"));
}

}  // namespace
}  // namespace ipcbench

#include "results/rows/service_spread.h"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/figures/summary.h"
#include "tests/support/casts.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::IsEmpty;

std::vector<SpreadPoint> spread_in(const Result& result) { return rate_spread(lines_by_service(result)); }

// The rows take 1, 2 and 4 us a request, and the service time.
TEST(ServiceSpread, IsTheHighestRateOverTheLowest) {
  const Result result = cast_result();
  const std::vector<SpreadPoint> spread = spread_in(result);
  ASSERT_EQ(spread.size(), 3u);
  EXPECT_EQ(spread[0].service_ns, 0);
  EXPECT_EQ(spread[0].rows, 3u);
  EXPECT_NEAR(spread[0].ratio, 4, 1e-9);
  EXPECT_NEAR(spread[1].ratio, 14.0 / 11, 1e-9);
  EXPECT_NEAR(spread[2].ratio, 1004.0 / 1001, 1e-9);
}

// The intervals are of six launches, from the first to the last: 5 % apart.
TEST(ServiceSpread, LiesWhereTheIntervalsOfTheRowsPermit) {
  const Result result = cast_result();
  const std::vector<SpreadPoint> spread = spread_in(result);
  ASSERT_EQ(spread.size(), 3u);
  ASSERT_TRUE(spread[0].interval);
  EXPECT_NEAR(spread[0].interval->low, 4 / 1.05, 1e-9);
  EXPECT_NEAR(spread[0].interval->high, 4 * 1.05, 1e-9);
  EXPECT_EQ(spread[2].interval->low, 1) << "the order of the rows is open";
}

TEST(ServiceSpread, HasNoIntervalIfARateHasNone) {
  Result result = cast_result();
  for (CaseRecord& c : result.cases) {
    if (c.transport == "unix-stream") c.launches.resize(3);
  }
  summarise(result);
  const std::vector<SpreadPoint> spread = spread_in(result);
  ASSERT_EQ(spread.size(), 3u);
  EXPECT_FALSE(spread[2].interval);
  EXPECT_FALSE(even_from(spread)) << "nothing is sure";
}

TEST(ServiceSpread, ComparesRowsThatWereMeasuredAtAllTimes) {
  Result result = cast_result();
  const auto is_it = [](const CaseRecord& c) {
    return c.transport == "unix-stream" && c.id.ends_with("0us/sharing=per-peer");
  };
  ASSERT_EQ(std::erase_if(result.cases, is_it), 1u);
  const std::vector<SpreadPoint> spread = spread_in(result);
  ASSERT_EQ(spread.size(), 3u);
  for (const SpreadPoint& point : spread) EXPECT_EQ(point.rows, 2u);
  EXPECT_NEAR(spread[0].ratio, 2, 1e-9);
}

TEST(ServiceSpread, ComparesRowsOfOneContract) {
  const auto rows_after = [](const auto& change) {
    Result result = cast_result();
    for (CaseRecord& c : result.cases) {
      if (c.transport == "unix-stream") change(c);
    }
    const std::vector<SpreadPoint> spread = spread_in(result);
    return spread.empty() ? 0 : spread[0].rows;
  };
  EXPECT_EQ(rows_after([](CaseRecord& c) { c.wait = WaitStrategy::poll; }), 2u);
  EXPECT_EQ(rows_after([](CaseRecord& c) { c.size = 4096; }), 2u);
  EXPECT_EQ(rows_after([](CaseRecord& c) { c.payload = PayloadMode::header; }), 2u);
  EXPECT_EQ(rows_after([](CaseRecord& c) { c.summary.limits_met = {{sample_limit(), 6}}; }), 2u);
  EXPECT_EQ(rows_after([](CaseRecord& c) { c.status = Status::invalid; }), 2u);
}

TEST(ServiceSpread, NeedsTwoRows) {
  Result result = cast_result();
  std::erase_if(result.cases,
                [](const CaseRecord& c) { return c.scenario == Scenario::server && c.transport == "pipe"; });
  EXPECT_EQ(lines_by_service(result).size(), 1u);
  EXPECT_THAT(spread_in(result), IsEmpty());
}

TEST(ServiceSpread, IsEvenFromTheShortestTimeAfterWhichItStaysSo) {
  EXPECT_EQ(even_from(spread_in(cast_result())), 1e6);
  const auto point = [](double at, double high) { return SpreadPoint{at, high, Interval{1, high}, 2}; };
  EXPECT_EQ(even_from({point(0, 1.05), point(1, 1.2), point(2, 1.09), point(3, 1.01)}), 2);
  EXPECT_EQ(even_from({point(0, 1.05), point(1, 1.05)}), 0);
  EXPECT_FALSE(even_from({point(0, 1.05), point(1, 1.1)})) << "not below it";
  EXPECT_FALSE(even_from({}));
}

}  // namespace
}  // namespace ipcbench

#include "results/figures/load_curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/figures/summary.h"
#include "tests/support/open_loops.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;

std::vector<double> rates_of(const LoadCurve& curve) {
  std::vector<double> rates;
  for (const LoadPoint& point : curve.points) rates.push_back(point.rate_per_s);
  return rates;
}

TEST(LoadCurves, JoinCasesThatDifferByTheirRateAlone) {
  Result result = open_loop_result({{"rate", "50000"}});
  for (const OptionList& options :
       {OptionList{{"rate", "20000"}}, {}, {{"form", "round-trip"}, {"rate", "20000"}}, {{"load", "50"}}})
    result.cases.push_back(open_loop_case(options));
  result.cases.back().rate_per_s = 30'000;
  summarise(result);
  const std::vector<LoadCurve> curves = load_curves(result);
  ASSERT_EQ(curves.size(), 2u);
  EXPECT_EQ(curves[0].key, "rate/pipe/block/64/same-l3");
  EXPECT_THAT(rates_of(curves[0]), ElementsAre(20'000, 30'000, 50'000));
  EXPECT_EQ(curves[1].key, "rate/pipe/block/64/same-l3/form=round-trip");
  EXPECT_THAT(rates_of(curves[1]), ElementsAre(20'000));
}

TEST(LoadCurves, HaveTheSaturationOfTheirChannelAndForm) {
  Result result = open_loop_result({{"pacer", "spin"}, {"rate", "50000"}, {"schedule", "poisson"}});
  result.cases.push_back(open_loop_case({{"form", "round-trip"}}, {.achieved_per_s = 1e5}));
  summarise(result);
  EXPECT_EQ(load_curves(result).front().saturation, nullptr) << "that of round trips is another";
  EXPECT_FALSE(load_curves(result).front().points.front().share);
  result.cases.push_back(open_loop_case({}, {.achieved_per_s = 2e5}));
  summarise(result);
  const std::vector<LoadCurve> curves = load_curves(result);
  ASSERT_EQ(curves.size(), 1u) << "a saturation alone is no curve";
  ASSERT_NE(curves.front().saturation, nullptr);
  EXPECT_EQ(curves.front().saturation->id, "rate/pipe/block/64/same-l3");
  EXPECT_EQ(curves.front().points.front().share, 0.25);
}

TEST(LoadCurves, LeaveOutWhatHasNoRate) {
  Result result = open_loop_result({{"load", "50"}});
  EXPECT_TRUE(load_curves(result).empty()) << "the load was never fixed";
  result = open_loop_result({{"rate", "fast"}});
  EXPECT_TRUE(load_curves(result).empty());
  result = open_loop_result({{"rate", "20000"}});
  result.cases.front().status = Status::invalid;
  EXPECT_TRUE(load_curves(result).empty());
}

}  // namespace
}  // namespace ipcbench

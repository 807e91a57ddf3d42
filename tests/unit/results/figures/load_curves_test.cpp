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

TEST(LoadCurves, OfCastsAreThoseOfOneNumberOfProcesses) {
  Result result = open_loop_result({{"rate", "20000"}});
  for (const char* rate : {"20000", "50000"})
    result.cases.push_back(open_loop_case({{"producers", "4"}, {"rate", rate}, {"sharing", "shared"}}));
  result.cases.push_back(open_loop_case({{"producers", "4"}, {"sharing", "shared"}}, {.achieved_per_s = 2e5}));
  summarise(result);
  const std::vector<LoadCurve> curves = load_curves(result);
  ASSERT_EQ(curves.size(), 2u);
  EXPECT_EQ(curves[1].key, "rate/pipe/block/64/same-l3/producers=4/sharing=shared");
  EXPECT_THAT(rates_of(curves[1]), ElementsAre(20'000, 50'000));
  ASSERT_NE(curves[1].saturation, nullptr);
  EXPECT_EQ(curves[0].saturation, nullptr) << "that of four producers is another";
  EXPECT_THAT(curve_names(curves), ElementsAre("pipe", "pipe 4 to 1 shared"));
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

TEST(LoadCurves, HaveAPlaceByPlacementIfTheyHaveSeveralRates) {
  Result result = open_loop_result({{"rate", "50000"}});
  result.cases.push_back(open_loop_case({{"rate", "20000"}}));
  result.cases.push_back(open_loop_case({{"rate", "20000"}, {"schedule", "poisson"}}));
  for (const char* rate : {"20000", "50000"}) {
    result.cases.push_back(open_loop_case({{"rate", rate}}));
    result.cases.back().placement = Placement::same_cpu;
  }
  summarise(result);
  const std::vector<AtPlacement<LoadCurve>> all = curves_by_placement(result);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].placement, Placement::same_l3);
  ASSERT_EQ(all[0].channels.size(), 1u) << "of the poisson one there is a single rate";
  EXPECT_THAT(rates_of(all[0].channels[0]), ElementsAre(20'000, 50'000));
  EXPECT_EQ(all[1].placement, Placement::same_cpu);
  EXPECT_EQ(all[1].channels.size(), 1u);
}

TEST(LoadCurves, AreNamedByWhatSetsThemApart) {
  Result result = open_loop_result({{"rate", "50000"}, {"capacity", "4096"}});
  const auto names = [&] {
    summarise(result);
    return curve_names(load_curves(result));
  };
  EXPECT_THAT(names(), ElementsAre("pipe capacity=4096"));
  result.cases.push_back(open_loop_case({{"rate", "50000"}, {"schedule", "poisson"}}));
  result.cases.back().wait = WaitStrategy::poll;
  EXPECT_THAT(names(), ElementsAre("pipe capacity=4096 constant", "pipe poll poisson"));
  result.cases.push_back(open_loop_case({{"rate", "50000"}, {"pacer", "spin"}, {"form", "round-trip"}}));
  result.cases.back().size = 4096;
  EXPECT_THAT(names(),
              ElementsAre("pipe capacity=4096 64 B constant one-way pacer sleep",
                          "pipe poll 64 B poisson one-way pacer sleep", "pipe 4096 B constant round-trip pacer spin"));
}

}  // namespace
}  // namespace ipcbench

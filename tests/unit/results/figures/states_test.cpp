#include "results/figures/states.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "results/figures/launches_lacking.h"

namespace ipcbench {
namespace {

std::vector<std::string> names(const StateRecord& states) {
  std::vector<std::string> result;
  for (const auto& cluster : states.clusters_ns) result.push_back(cluster.first);
  return result;
}

LaunchRecord launch(double before, double after, Status status = Status::ok) {
  LaunchRecord record;
  record.status = status;
  record.canary_ns = {before, after};
  return record;
}

CaseRecord case_at(Placement placement, std::vector<LaunchRecord> launches) {
  CaseRecord record;
  record.id = fmt::format("ping-pong/pipe/block/64/{}", to_string(placement));
  record.placement = placement;
  record.launches = std::move(launches);
  return record;
}

TEST(CanaryStates, AreNamedByTheirNumber) {
  EXPECT_EQ(names(cluster_canaries(Placement::smt, {100, 120, 110})), (std::vector<std::string>{"single"}));
  EXPECT_EQ(names(cluster_canaries(Placement::smt, {500, 115, 520, 110})), (std::vector<std::string>{"near", "far"}));
  EXPECT_EQ(names(cluster_canaries(Placement::smt, {100, 200, 400})), (std::vector<std::string>{"s1", "s2", "s3"}));
  EXPECT_TRUE(cluster_canaries(Placement::smt, {}).clusters_ns.empty());
}

TEST(CanaryStates, SplitOnlyWhereAGapExceedsOneAndAHalf) {
  EXPECT_EQ(cluster_canaries(Placement::smt, {100, 150}).clusters_ns.size(), 1u);
  EXPECT_EQ(cluster_canaries(Placement::smt, {100, 150.1}).clusters_ns.size(), 2u);
  // Neighbours decide, not the extremes.
  EXPECT_EQ(cluster_canaries(Placement::smt, {100, 140, 190, 260}).clusters_ns.size(), 1u);
}

TEST(CanaryStates, LeaveOutWhatIsNoTime) {
  const StateRecord states = cluster_canaries(Placement::smt, {0, -5, std::nan(""), INFINITY, 100});
  EXPECT_EQ(names(states), (std::vector<std::string>{"single"}));
  EXPECT_EQ(state_of(states, {100, std::nan("")}), "");
}

TEST(CanaryStates, ALaunchOfSetupCountsInItsStateAlone) {
  LaunchRecord near = launch(110, 115), far = launch(500, 520), stored;
  near.setup = far.setup = stored.setup = SetupRecord{};
  const StateRecord states{
      .placement = Placement::smt, .clusters_ns = {{"near", {110, 115}}, {"far", {500, 520}}}, .used = "near"};
  EXPECT_TRUE(is_comparable(&states, near));
  EXPECT_FALSE(is_comparable(&states, far));
  EXPECT_TRUE(is_comparable(&states, stored)) << "an earlier build's, without canaries";
}

TEST(CanaryStates, ALaunchAcrossTwoClustersIsMixed) {
  const StateRecord states = cluster_canaries(Placement::smt, {110, 115, 500, 520});
  EXPECT_EQ(state_of(states, {110, 115}), "near");
  EXPECT_EQ(state_of(states, {500, 520}), "far");
  EXPECT_EQ(state_of(states, {110, 520}), "mixed");
  EXPECT_EQ(state_of(states, {90, 200}), "near");  // outside: the nearest by ratio
}

TEST(CanaryStates, TheUsedOneHasMostCompletedLaunchesOfItsPlacement) {
  Result result;
  result.cases = {
      case_at(Placement::smt, {launch(110, 112), launch(500, 505), launch(110, 500)}),
      case_at(Placement::smt, {launch(500, 500), launch(111, 111, Status::crashed), launch(112, 112, Status::crashed)}),
      case_at(Placement::same_l3, {launch(110, 112)}),
      case_at(Placement::same_cpu, {LaunchRecord{}}),
  };
  const std::vector<CaseRecord>& cases = result.cases;
  const std::vector<StateRecord> states = find_states(result);
  ASSERT_EQ(states.size(), 2u);
  EXPECT_EQ(states[0].placement, Placement::smt);
  EXPECT_EQ(states[0].used, "far");
  EXPECT_EQ(states[1].used, "single");
  EXPECT_EQ(states_at(states, Placement::same_cpu), nullptr);
  EXPECT_TRUE(is_comparable(nullptr, cases[3].launches[0]));
  EXPECT_TRUE(is_comparable(&states[0], cases[0].launches[1]));
  EXPECT_FALSE(is_comparable(&states[0], cases[0].launches[0]));
  EXPECT_FALSE(is_comparable(&states[0], cases[1].launches[1]));
}

TEST(CanaryStates, EqualNumbersUseTheNearerAndNoneIfAllAreMixed) {
  Result result;
  result.cases = {case_at(Placement::smt, {launch(500, 500), launch(100, 100)})};
  EXPECT_EQ(find_states(result)[0].used, "near");
  result.cases = {case_at(Placement::smt, {launch(500, 100), launch(100, 500)})};
  EXPECT_EQ(find_states(result)[0].used, "");
}

TEST(CanaryStates, ASearchForRatesKeepsToTheStateOfItsSaturations) {
  CaseRecord saturation = case_at(Placement::smt, {launch(110, 112)});
  saturation.scenario = Scenario::rate;
  saturation.id = "rate/pipe/block/64/smt";
  CaseRecord rate = saturation;
  rate.options = {{"rate", "1000"}};
  rate.launches = {launch(500, 500), launch(501, 502)};
  Result result;
  result.cases = {saturation, rate};
  EXPECT_EQ(find_states(result)[0].used, "far");
  result.promise = PromiseRecord{.figure = "response_p99_ns", .below_ns = 1000};
  EXPECT_EQ(find_states(result)[0].used, "near");
  result.cases[0].launches.front().status = Status::crashed;
  EXPECT_EQ(find_states(result)[0].used, "") << "no saturation was measured";
}

TEST(CanaryStates, LackingLaunchesAreCountedInTheUsedState) {
  Result result;
  result.cases = {
      case_at(Placement::smt, {launch(100, 100), launch(100, 100), launch(100, 100)}),
      case_at(Placement::smt, {launch(100, 100), launch(500, 500), launch(100, 500)}),
      case_at(Placement::smt, {}),
      case_at(Placement::smt, {launch(100, 100), launch(100, 100, Status::invalid)}),
      case_at(Placement::smt, {launch(100, 100, Status::crashed)}),
      case_at(Placement::same_cpu, {LaunchRecord{}}),
      case_at(Placement::smt, {}),
  };
  result.cases[6].status = Status::skipped;
  EXPECT_EQ(launches_lacking(result, 3), (std::vector<std::size_t>{0, 2, 3, 0, 0, 2, 0}));
  EXPECT_EQ(launches_lacking(result, 0), std::vector<std::size_t>(7));
}

}  // namespace
}  // namespace ipcbench

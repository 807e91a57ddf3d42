#include "results/fleet/slow_hosts.h"

#include <cmath>
#include <limits>
#include <optional>
#include <random>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/files/store.h"
#include "tests/support/simulated_fleet.h"

namespace ipcbench {
namespace {

// Returns a class whose hosts differ by 1 % in each case, without a slow one.
std::vector<CaseValues> even_class(std::size_t hosts, std::size_t cases = 12) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> noise(0, 0.01);
  std::vector<CaseValues> all(hosts, CaseValues(cases));
  for (CaseValues& host : all) {
    for (double& value : host) value = 8 + noise(random);
  }
  return all;
}

std::vector<std::optional<HostStanding>> judge(const std::vector<CaseValues>& hosts) {
  return judge_hosts(deviations_of(hosts), hosts.empty() ? 0 : hosts.front().size());
}

std::size_t judged(const std::vector<CaseValues>& hosts) {
  std::size_t n = 0;
  for (const auto& standing : judge(hosts)) n += standing ? 1 : 0;
  return n;
}

// The example of Benjamini and Hochberg (1995), 3.2, which rejects four hypotheses at 5 %.
TEST(FalseDiscoveries, AreControlledAsInTheirPaper) {
  const std::vector<double> p_values = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  const std::vector<double> adjusted = adjust_p_values(p_values);
  for (std::size_t n = 0; n < adjusted.size(); ++n) EXPECT_EQ(adjusted[n] <= 0.05, n < 4) << p_values[n];
  EXPECT_NEAR(adjusted[3], 0.0095 * 15 / 4, 1e-12);
  EXPECT_NEAR(adjusted[8], 0.0459 * 15 / 9, 1e-12);
  EXPECT_EQ(adjusted[14], 1);
}

TEST(SlowHosts, AHostThatIsSlowThroughoutStandsOut) {
  std::vector<CaseValues> hosts = even_class(60);
  for (double& value : hosts[7]) value += std::log(1.2);
  const auto standings = judge(hosts);
  for (std::size_t n = 0; n < hosts.size(); ++n) {
    ASSERT_TRUE(standings[n]);
    EXPECT_EQ(standings[n]->stands_out, n == 7) << n;
  }
  EXPECT_NEAR(standings[7]->throughout, std::log(1.2), 0.02);
}

TEST(SlowHosts, AHostThatIsSlowInAThirdOfItsCasesStandsOut) {
  std::vector<CaseValues> hosts = even_class(60);
  for (std::size_t i = 0; i < hosts[7].size(); i += 3) hosts[7][i] += std::log(1.2);
  const auto standings = judge(hosts);
  EXPECT_TRUE(standings[7]->stands_out);
  EXPECT_NEAR(standings[7]->throughout, 0, 0.02);
}

TEST(SlowHosts, AClearButSmallDifferenceIsNotNamed) {
  std::vector<CaseValues> hosts = even_class(60, 200);
  for (double& value : hosts[7]) value += std::log(1.02);
  const auto standings = judge(hosts);
  EXPECT_LT(standings[7]->adjusted_p, kFalseDiscoveryRate);
  EXPECT_FALSE(standings[7]->stands_out);
}

TEST(SlowHosts, AFastHostIsNotNamed) {
  std::vector<CaseValues> hosts = even_class(60);
  for (double& value : hosts[7]) value -= std::log(1.5);
  EXPECT_FALSE(judge(hosts)[7]->stands_out);
}

TEST(SlowHosts, TooFewHostsOrCasesDecideNothing) {
  EXPECT_EQ(judged({}), 0U);
  EXPECT_EQ(judged(even_class(kLeastHosts - 1)), 0U);
  EXPECT_EQ(judged(even_class(kLeastHosts)), kLeastHosts);
  EXPECT_EQ(judged(even_class(kLeastHosts, kLeastCases - 1)), 0U);
}

TEST(SlowHosts, AHostWithoutHalfOfTheCasesIsNotJudged) {
  std::vector<CaseValues> hosts = even_class(40, 20);
  for (std::size_t i = 0; i < 11; ++i) hosts[0][i] = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < 10; ++i) hosts[1][i] = std::numeric_limits<double>::quiet_NaN();
  const auto standings = judge(hosts);
  EXPECT_FALSE(standings[0]);
  EXPECT_TRUE(standings[1]);
}

TEST(SlowHosts, HostsThatAreAllEqualHaveNoneThatStandsOut) {
  for (const auto& standing : judge(std::vector(30, CaseValues(10, 5.0)))) EXPECT_FALSE(standing->stands_out);
}

// A small version of bench/fleet_simulation.cpp. Among 200 hosts less is found than among 500.
TEST(SimulatedFleets, SlowHostsAreFoundAndHardlyAnyOther) {
  const FleetSimulator simulator(load_result(IPCBENCH_SOURCE_DIR "/results/published/quick-intel-xeon-kvm.json"));
  constexpr std::size_t kFleets = 5, kSlow = 2;
  for (const HostEffect effect : {HostEffect::normal, HostEffect::heavy_by_case}) {
    std::mt19937_64 random(20);
    std::size_t found = 0, falsely = 0, named = 0;
    for (std::size_t n = 0; n < kFleets; ++n) {
      const FleetSettings settings{.hosts = 200, .slow = kSlow, .effect = effect};
      const FleetOutcome with = judge_fleet(simulator.fleet(settings, random), kSlow);
      const FleetOutcome without = judge_fleet(simulator.fleet({.hosts = 200, .slow = 0, .effect = effect}, random), 0);
      found += with.found;
      falsely += with.falsely;
      named += without.falsely;
    }
    EXPECT_GE(found, kFleets * kSlow * 8 / 10) << static_cast<int>(effect);
    EXPECT_LE(falsely + named, 1U) << static_cast<int>(effect);
  }
}

}  // namespace
}  // namespace ipcbench

#include "results/fleet/fleet.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/figures/summary.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::size_t kCases = 12;

// Returns hosts that differ by at most 2 %, each in its own way. The first one has the name "host-0".
std::vector<FleetHost> sample_hosts(std::size_t hosts) {
  std::vector<FleetHost> all;
  for (std::size_t n = 0; n < hosts; ++n) {
    FleetHost& host = all.emplace_back();
    host.file = fmt::format("host-{}.json", n);
    host.name = fmt::format("host-{}", n);
    host.run = host.name;
    host.machine_class = "a machine";
    host.provenance = {{"machine.details.governor", "performance"}, {"machine.details.cpu_mhz", fmt::format("{}", n)}};
    for (std::size_t i = 0; i < kCases; ++i) {
      const auto percent = static_cast<double>((7 * n + 3 * i * i + n * i) % 5) / 200;
      host.cases.push_back({fmt::format("case-{}", i), Placement::same_l3, 1000 * (1 + percent)});
    }
    host.canaries = {{Placement::same_l3, 100 + static_cast<double>(n % 3)}};
  }
  return all;
}

void slow_down(FleetHost& host, double ratio) {
  for (HostCase& c : host.cases) c.ns *= ratio;
}

TEST(Fleet, NamesASlowHostAndWhatCoincidesWithIt) {
  std::vector<FleetHost> hosts = sample_hosts(40);
  slow_down(hosts[7], 1.3);
  hosts[7].provenance[0].second = "powersave";
  const Fleet fleet = compare_hosts(hosts);
  ASSERT_EQ(fleet.classes.size(), 1U);
  const FleetClass& only = fleet.classes[0];
  EXPECT_EQ(only.judged, 40U);
  EXPECT_EQ(fleet.standing_out(), 1U);
  EXPECT_EQ(only.hosts[0].host.name, "host-7");
  ASSERT_EQ(only.hosts[0].slow_cases.size(), 3U);
  EXPECT_NEAR(only.hosts[0].slow_cases[0].ratio, 1.3, 0.03);
  // Each host has a frequency of its own, which tells nothing.
  ASSERT_EQ(only.coincidences.size(), 1U);
  EXPECT_EQ(only.coincidences[0].key, "machine.details.governor");
  EXPECT_EQ(only.coincidences[0].value, "powersave");
  EXPECT_EQ(only.coincidences[0].slow, 1U);
  EXPECT_EQ(only.coincidences[0].others, 0U);
  EXPECT_EQ(only.coincidences[0].usual, "performance");
}

TEST(Fleet, ClassesAreJudgedApart) {
  std::vector<FleetHost> hosts = sample_hosts(50);
  for (std::size_t n = 0; n < 22; ++n) {
    hosts[n].conditions = "inherited conditions: nice 10";
    slow_down(hosts[n], 2);
  }
  const Fleet fleet = compare_hosts(hosts);
  ASSERT_EQ(fleet.classes.size(), 2U);
  EXPECT_EQ(fleet.classes[0].hosts.size(), 28U) << "the largest first";
  EXPECT_EQ(fleet.judged(), 50U);
  EXPECT_EQ(fleet.standing_out(), 0U);
}

TEST(Fleet, HostsInAnotherCanaryStateAreAnotherRow) {
  std::vector<FleetHost> hosts = sample_hosts(50);
  for (std::size_t n = 0; n < 22; ++n) {
    hosts[n].canaries[0].second *= 2;
    slow_down(hosts[n], 2);
  }
  const Fleet fleet = compare_hosts(hosts);
  EXPECT_EQ(fleet.standing_out(), 0U);
  const std::vector<CaseDistribution>& cases = fleet.classes.at(0).cases;
  ASSERT_EQ(cases.size(), 2 * kCases);
  EXPECT_EQ(cases.front().state, "far");
  EXPECT_EQ(cases.front().hosts, 22U);
  EXPECT_EQ(cases.back().state, "near");
  EXPECT_EQ(cases.back().hosts, 28U);
}

TEST(Fleet, HostsInEachOfThreeCanaryStatesAreJudged) {
  std::vector<FleetHost> hosts = sample_hosts(66);
  for (std::size_t n = 0; n < hosts.size(); ++n) hosts[n].canaries[0].second *= n < 22 ? 1 : n < 44 ? 2 : 4;
  slow_down(hosts[30], 1.3);
  const Fleet fleet = compare_hosts(hosts);
  EXPECT_EQ(fleet.classes.at(0).cases.size(), 3 * kCases);
  EXPECT_EQ(fleet.judged(), 66U);
  EXPECT_EQ(fleet.standing_out(), 1U);
}

TEST(Fleet, ACaseHasTheDistributionOfItsHosts) {
  std::vector<FleetHost> hosts = sample_hosts(5);
  for (std::size_t n = 0; n < hosts.size(); ++n)
    hosts[n].cases = {{"one", Placement::same_cpu, 100.0 + 10 * static_cast<double>(n)}};
  const Fleet fleet = compare_hosts(hosts);
  ASSERT_EQ(fleet.classes.at(0).cases.size(), 1U);
  const CaseDistribution& one = fleet.classes[0].cases[0];
  EXPECT_EQ(one.state, "");
  EXPECT_NEAR(one.min_ns, 100, 1e-9);
  EXPECT_NEAR(one.low_ns, 110, 1e-9);
  EXPECT_NEAR(one.median_ns, 120, 1e-9);
  EXPECT_NEAR(one.high_ns, 130, 1e-9);
  EXPECT_NEAR(one.max_ns, 140, 1e-9);
  EXPECT_NEAR(one.spread, 1.4826 * 10 / 120, 1e-9);
  EXPECT_EQ(fleet.judged(), 0U) << "too few hosts";
}

TEST(Fleet, ARunCountsOnceAndASharedNameIsSaid) {
  std::vector<FleetHost> hosts = sample_hosts(4);
  hosts[2].run = hosts[0].run;
  hosts[3].name = hosts[1].name;
  const Fleet fleet = compare_hosts(hosts);
  ASSERT_EQ(fleet.repeated.size(), 1U);
  EXPECT_EQ(fleet.repeated[0].file, "host-2.json");
  EXPECT_EQ(fleet.repeated[0].first, "host-0.json");
  EXPECT_EQ(fleet.classes.at(0).hosts.size(), 3U);
  EXPECT_THAT(fleet.classes[0].shared_names, ElementsAre("host-1"));
}

TEST(FleetHostOfAResult, HasTheTimesOfCasesThatEndedWell) {
  Result result = sample_result();
  result.machine.details.emplace_back("hostname", std::string("node-1"));
  result.machine.details.emplace_back("host_id", std::string("0123"));
  summarise(result);
  const FleetHost host = fleet_host(result, "a.json");
  EXPECT_EQ(host.name, "node-1");
  EXPECT_EQ(host.machine_class, result.machine.machine_class);
  ASSERT_FALSE(host.cases.empty());
  EXPECT_EQ(host.cases[0].id, result.cases[0].id);
  std::size_t well = 0;
  for (const CaseRecord& c : result.cases) well += c.status == Status::ok ? 1 : 0;
  EXPECT_LE(host.cases.size(), well);
  EXPECT_FALSE(host.canaries.empty());
  for (const auto& [key, value] : host.provenance) {
    EXPECT_NE(key, "machine.details.hostname");
    EXPECT_NE(key, "machine.details.host_id");
  }
}

TEST(Coincidences, NeedSlowHostsAndOthers) {
  const ProvenanceList list = {{"key", "value"}};
  const std::vector<const ProvenanceList*> some = {&list};
  EXPECT_THAT(coincidences(some, {}), IsEmpty());
  EXPECT_THAT(coincidences({}, some), IsEmpty());
  EXPECT_THAT(coincidences(some, some), IsEmpty());
}

TEST(Coincidences, AFindingThatOthersLackIsOne) {
  const ProvenanceList found = {{"machine.checks.steal", "found"}}, clean;
  const std::vector<const ProvenanceList*> slow = {&found, &found, &clean}, others = {&clean, &clean, &clean, &found};
  const std::vector<Coincidence> all = coincidences(slow, others);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].value, "found");
  EXPECT_EQ(all[0].slow, 2U);
  EXPECT_EQ(all[0].others, 1U);
  EXPECT_EQ(all[0].usual, "absent");
}

}  // namespace
}  // namespace ipcbench

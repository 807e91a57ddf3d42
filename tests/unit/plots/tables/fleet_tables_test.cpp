#include "plots/tables/fleet_tables.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Fleet sample_fleet() {
  std::vector<FleetHost> hosts;
  for (std::size_t n = 0; n < 30; ++n) {
    FleetHost& host = hosts.emplace_back();
    host.file = fmt::format("node-{}.json", n);
    host.name = "node";
    host.run = fmt::format("{}", n);
    host.machine_class = "a machine";
    host.provenance = {{"machine.kernel", n == 4 ? "6.1.5" : "6.1.9"}};
    for (std::size_t i = 0; i < 8; ++i) {
      const double even = 1000 + static_cast<double>((5 * n + i * i) % 7);
      host.cases.push_back({fmt::format("case-{}", i), Placement::same_cpu, n == 4 ? 1.25 * even : even});
    }
  }
  return compare_hosts(std::move(hosts));
}

TEST(FleetTables, TheOverviewNamesTheSlowHostAndWhatCoincides) {
  const std::vector<LeftOutFile> left_out = {{"torn.json", "it ends in the middle"}};
  const std::string text = to_text(fleet_overview(sample_fleet(), left_out, Language::english), {});
  EXPECT_THAT(text, AllOf(HasSubstr("stand out as slow: 1 of 30 judged"), HasSubstr("node-4.json"), HasSubstr("25.0 %"),
                          HasSubstr("case-0 +25 %"), HasSubstr("machine.kernel"), HasSubstr("1 of 1"),
                          HasSubstr("0 of 29"), HasSubstr("torn.json"), HasSubstr("hosts named node")));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("node-5.json")), Not(HasSubstr("reason is")), Not(HasSubstr("because"))));
}

TEST(FleetTables, AreInChineseToo) {
  const std::string text = to_text(fleet_overview(sample_fleet(), {}, Language::chinese), {});
  EXPECT_THAT(text, AllOf(HasSubstr("明显偏慢的主机：1台（共判断30台）"), HasSubstr("与偏慢同时出现"),
                          HasSubstr("机器类别"), HasSubstr("node-4.json")));
  for (const char* english : {"stand", "coincide", "judged", "class", "others", "throughout"})
    EXPECT_THAT(text, Not(HasSubstr(english)));
}

TEST(FleetTables, AllOfThemHaveTheirKindAsId) {
  const std::vector<Table> tables = fleet_tables(sample_fleet(), {}, Language::english);
  ASSERT_EQ(tables.size(), fleet_table_names().size());
  for (std::size_t n = 0; n < tables.size(); ++n)
    EXPECT_EQ(tables[n].id, fmt::format("fleet/{}", fleet_table_names()[n]));
  EXPECT_THAT(to_csv(tables[4]), AllOf(HasSubstr("node-5.json"), HasSubstr("adjusted_p"), HasSubstr(",no,")));
  EXPECT_THAT(to_csv(tables[5]), HasSubstr("case,state,hosts,min_ns,low_ns,median_ns,high_ns,max_ns,spread"));
}

TEST(FleetTables, TooFewHostsAreSaid) {
  Fleet fleet = sample_fleet();
  fleet.classes[0].judged = 0;
  const std::string text = to_text(fleet_overview(fleet, {}, Language::english), {});
  EXPECT_THAT(text, HasSubstr("no: fewer than 20 hosts"));
}

}  // namespace
}  // namespace ipcbench

#include "plots/tables/load_tables.h"

#include <algorithm>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plots/table/table_chinese.h"
#include "plots/tables/load_curve_tables.h"
#include "results/figures/summary.h"
#include "tests/support/open_loops.h"

namespace ipcbench {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(LoadTables, SayThatARowHasItsMechanismsLargestMessage) {
  Result result = open_loop_result({{"rate", "20000"}});
  result.cases.front().at_largest = AtLargestRecord{{65536}, "/proc/sys/kernel/msgmax is 64"};
  summarise(result);
  const std::vector<Table> tables = load_tables(result);
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_THAT(tables[0].notes, Contains("1: 64 B, its largest: /proc/sys/kernel/msgmax is 64; 64 KiB asked"));
}

TEST(LoadTables, RankRowsOfOneLoadAmongThemselves) {
  Result result = open_loop_result({{"rate", "20000"}});
  CaseRecord other = result.cases[0];
  other.transport = "tcp";
  other.id = "rate/tcp/block/64/same-l3/rate=20000";
  for (LaunchRecord& launch : other.launches) launch.load = steady_load(3000);
  CaseRecord faster = result.cases[0];
  faster.id = "rate/pipe/block/64/same-l3/rate=50000";
  faster.options = {{"rate", "50000"}};
  result.cases.push_back(other);
  result.cases.push_back(faster);
  summarise(result);
  const std::vector<Table> tables = load_tables(result);
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].id, "rate/same-l3");
  ASSERT_EQ(tables[0].parts.size(), 2u);
  EXPECT_EQ(tables[0].parts[0].title, "64 B, 20000/s, constant, one-way, pacer sleep, block");
  EXPECT_EQ(tables[0].parts[0].rows[0][0].shown, "1");
  EXPECT_EQ(tables[0].parts[0].rows[1][0].shown, "2");
  EXPECT_EQ(tables[0].parts[1].rows[0][0].shown, "1") << "another load is another table";
  const std::string chinese = to_text(in_chinese(tables[0]), {});
  EXPECT_THAT(chinese, HasSubstr("速率：给定负载下的延迟"));
  EXPECT_THAT(chinese, Not(HasSubstr("ranked by response")));
}

TEST(LoadTables, StandBySharesAndThenByRates) {
  Result result = open_loop_result({{"rate", "100000"}});
  for (const char* rate : {"20000", "1000"}) result.cases.push_back(open_loop_case({{"rate", rate}}));
  for (const char* load : {"90", "10"}) result.cases.push_back(open_loop_case({{"load", load}}));
  summarise(result);
  std::vector<std::string> loads;
  const std::vector<Table> tables = load_tables(result);
  ASSERT_EQ(tables.size(), 1u);
  for (const TablePart& part : tables[0].parts)
    loads.push_back(part.title.substr(6, part.title.find(", constant") - 6));
  EXPECT_THAT(loads, ElementsAre("10 % of the saturation", "90 % of the saturation", "1000/s", "20000/s", "100000/s"));
}

TEST(LoadTables, HaveApartWhatManyProducersSend) {
  Result result = open_loop_result({{"rate", "20000"}});
  for (const char* producers : {"16", "4"}) {
    CaseRecord cast = open_loop_case({{"producers", producers}, {"rate", "20000"}, {"sharing", "shared"}});
    cast.seat_cpus = {0, 0, 1};
    SeatRecord worst{.role = std::string(kProducerSeat), .index = 0, .ops = 500, .p50_ns = 900, .p99_ns = 7000};
    SeatRecord other{.role = std::string(kProducerSeat), .index = 1, .ops = 500, .p50_ns = 900, .p99_ns = 2000};
    for (LaunchRecord& launch : cast.launches)
      launch.cast = CastRecord{.seats = {worst, other}, .fairness = 0.9, .worst_ratio = 0.8};
    result.cases.push_back(cast);
  }
  summarise(result);
  const std::vector<Table> tables = load_tables(result);
  ASSERT_EQ(tables.size(), 1u);
  std::vector<std::string> titles;
  for (const TablePart& part : tables[0].parts) titles.push_back(part.title);
  EXPECT_THAT(titles, ElementsAre("64 B, 20000/s, constant, one-way, pacer sleep, block",
                                  "64 B, 20000/s, 4 to 1, constant, one-way, pacer sleep, block",
                                  "64 B, 20000/s, 16 to 1, constant, one-way, pacer sleep, block"));
  const auto column = [&](std::string_view key) {
    const auto found = std::ranges::find(tables[0].columns, key, &Column::key);
    return static_cast<std::size_t>(found - tables[0].columns.begin());
  };
  const std::vector<Cell>& row = tables[0].parts[1].rows.at(0);
  ASSERT_EQ(row.size(), tables[0].columns.size());
  EXPECT_EQ(std::get<double>(row[column("fairness")].value), 0.9);
  EXPECT_EQ(std::get<double>(row[column("worst_seat_p99_ns")].value), 7000);
  EXPECT_EQ(std::get<std::string>(row[column("transport")].value), "pipe shared");
  EXPECT_FALSE(std::holds_alternative<double>(tables[0].parts[0].rows.at(0)[column("fairness")].value)) << "of a pair";
}

// A pipe that carries two million a second, measured at two rates.
Result curve_result() {
  Result result = open_loop_result({}, {.achieved_per_s = 2e6});
  result.cases.push_back(open_loop_case({{"load", "50"}}, steady_load(3000)));
  result.cases.back().rate_per_s = 1'000'000;
  LoadRecord slow = steady_load(1000);
  slow.response = slow.service = slow.lateness = many(1000, 500);
  result.cases.push_back(open_loop_case({{"rate", "20000"}}, slow));
  result.cases.back().ops = 500;
  summarise(result);
  return result;
}

TEST(LoadCurveTables, HaveAPartForAChannelAndARowForARate) {
  const std::vector<Table> tables = load_curve_tables(curve_result());
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].id, "load/same-l3");
  ASSERT_EQ(tables[0].parts.size(), 1u);
  EXPECT_THAT(tables[0].parts[0].title,
              HasSubstr("pipe, block, 64 B, constant, one-way, pacer sleep, saturation 2.00 M/s"));
  ASSERT_EQ(tables[0].parts[0].rows.size(), 2u);
  const auto number = [&](std::size_t row, std::size_t column) {
    return std::get<double>(tables[0].parts[0].rows[row][column].value);
  };
  EXPECT_EQ(number(0, 0), 0.01) << "the share, the lower first";
  EXPECT_EQ(number(0, 1), 20'000);
  EXPECT_EQ(number(1, 0), 0.5);
  EXPECT_EQ(number(1, 1), 1'000'000);
}

TEST(LoadCurveTables, SayHowManyMessagesAQuantileNeeds) {
  const Table table = load_curve_tables(curve_result()).front();
  EXPECT_EQ(table.parts[0].rows[0][5].shown, "— (1000)");
  EXPECT_EQ(table.parts[0].rows[1][5].shown, "");
  EXPECT_THAT(table.notes, Contains(HasSubstr("the quantile needs that many messages")));
}

TEST(LoadCurveTables, AreInChineseToo) {
  const std::string chinese = to_text(in_chinese(load_curve_tables(curve_result()).front()), {});
  for (const char* text : {"负载：各速率下的延迟与 CPU 时间", "负载", "速率", "该分位数要求每次启动至少有这么多消息"})
    EXPECT_THAT(chinese, HasSubstr(text));
  EXPECT_THAT(chinese, Not(HasSubstr("the quantile needs")));
}

TEST(LoadCurveTables, LeaveASingleRateToTheTablesOfLoads) {
  Result result = open_loop_result({{"rate", "20000"}});
  summarise(result);
  EXPECT_TRUE(load_curve_tables(result).empty());
}

}  // namespace
}  // namespace ipcbench

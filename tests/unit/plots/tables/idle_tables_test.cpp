#include "plots/tables/idle_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plots/table/table_chinese.h"
#include "plots/tables/load_tables.h"
#include "plots/tables/result_tables.h"
#include "tests/support/idle_sample.h"
#include "tests/support/open_loops.h"

namespace ipcbench {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> ids_of(const std::vector<Table>& tables) {
  std::vector<std::string> ids;
  for (const Table& table : tables) ids.push_back(table.id);
  return ids;
}

TEST(IdleTables, HaveARowForAChannelAndColumnsForASilence) {
  const std::vector<Table> tables = idle_tables(idle_result());
  EXPECT_THAT(ids_of(tables), ElementsAre("idle/same-l3", "idle-conditions"));
  const Table& table = tables[0];
  std::vector<std::string> keys;
  for (const Column& column : table.columns) keys.push_back(column.key);
  EXPECT_THAT(keys,
              ElementsAre("transport", "wait", "size_bytes", "p50_after_100us_ns", "p50_pooled_after_100us_ns",
                          "max_after_100us_ns", "p50_after_10ms_ns", "p50_pooled_after_10ms_ns", "max_after_10ms_ns",
                          "p50_after_1s_ns", "p50_pooled_after_1s_ns", "max_after_1s_ns", "n", "notes"));
  ASSERT_EQ(table.parts.size(), 2u) << "service and lateness";
  ASSERT_EQ(table.parts[0].rows.size(), 2u);
  const auto& pipe = table.parts[0].rows[0];
  EXPECT_EQ(std::get<std::string>(pipe[0].value), "pipe");
  EXPECT_NEAR(std::get<double>(pipe[3].value), 10'000, 1'000);
  EXPECT_TRUE(pipe[3].interval);
  EXPECT_EQ(std::get<double>(pipe[5].value), 17'000) << "the longest of six launches";
  EXPECT_NEAR(std::get<double>(table.parts[1].rows[0][3].value), 4'000, 400) << "the timer's lateness";
}

TEST(IdleTables, APooledMedianSaysThatItIsAndIsNoMedianOfLaunches) {
  const Table table = idle_tables(idle_result()).front();
  const auto& pipe = table.parts[0].rows[0];
  EXPECT_TRUE(std::holds_alternative<std::monostate>(pipe[9].value));
  EXPECT_THAT(pipe[9].shown, HasSubstr(" pooled"));
  EXPECT_NEAR(std::get<double>(pipe[10].value), 50'000, 5'000);
  EXPECT_EQ(pipe[3].shown, "") << "twenty round trips have a median of their own";
}

TEST(IdleTables, ListWhatIdleCpusDoAndWhatCannotBeTold) {
  const Table conditions = idle_tables(idle_result()).back();
  ASSERT_EQ(conditions.parts[0].rows.size(), 2u);
  EXPECT_EQ(std::get<std::string>(conditions.parts[0].rows[0][1].value), "haltpoll");
  EXPECT_EQ(std::get<std::string>(conditions.parts[0].rows[1][1].value), "unknown");
  EXPECT_EQ(std::get<std::string>(conditions.parts[0].rows[1][2].value), "can't be told");
}

TEST(IdleTables, AreInChineseToo) {
  std::string chinese;
  for (const Table& table : idle_tables(idle_result())) chinese += to_text(in_chinese(table), {});
  for (const char* text : {"空闲：静默之后一次往返的代价", "服务：自开始发送", "迟到：", "空闲 CPU 的行为", "没有区间"})
    EXPECT_THAT(chinese, HasSubstr(text));
  for (const char* text : {"that long after", "one before", "what a round trip", "no slack"})
    EXPECT_THAT(chinese, Not(HasSubstr(text)));
}

TEST(IdleTables, AreAmongTheTablesOfAResultInPlaceOfTablesOfLoads) {
  const Result result = idle_result();
  EXPECT_TRUE(load_tables(result).empty());
  EXPECT_THAT(ids_of(measurement_tables(result)), ElementsAre("idle/same-l3", "idle-conditions"));
  EXPECT_TRUE(idle_tables(open_loop_result({{"rate", "20000"}})).empty());
}

}  // namespace
}  // namespace ipcbench

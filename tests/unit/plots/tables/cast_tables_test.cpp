#include "plots/tables/cast_tables.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/figures/summary.h"
#include "tests/support/casts.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(CastTables, HaveTheServicesOfAServerInTheOrderOfTheirTimes) {
  Result result = sample_result();
  result.cases.clear();
  for (const char* service : {"100us", "1ms", "10us", "20ns"}) {
    result.cases.push_back(
        cast_case(Scenario::server, "pipe", 64, {{"producers", "8"}, {"service", service}, {"sharing", "shared"}}));
  }
  summarise(result);
  const std::vector<Table> tables = cast_tables(result);
  ASSERT_THAT(tables, SizeIs(1));
  std::vector<std::string> titles;
  for (const TablePart& part : tables[0].parts) titles.push_back(part.title);
  EXPECT_THAT(titles, ElementsAre("8 to 1, 64 B, service 20ns busy, block", "8 to 1, 64 B, service 10us busy, block",
                                  "8 to 1, 64 B, service 100us busy, block", "8 to 1, 64 B, service 1ms busy, block"));
}

}  // namespace
}  // namespace ipcbench

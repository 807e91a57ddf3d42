#include "cli/output/result_name.h"

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

TEST(ResultName, LacksFolderAndEndings) {
  EXPECT_EQ(name_of_result("results/quick.ipcbench.json"), "quick");
  EXPECT_EQ(name_of_result("quick.ipcbench.json.zst"), "quick");
  EXPECT_EQ(name_of_result("quick.ipcbench.json.journal.jsonl"), "quick");
  EXPECT_EQ(name_of_result("quick.ipcbench.json.zst.journal.jsonl"), "quick");
  EXPECT_EQ(name_of_result("old.v2.json"), "old.v2");
  EXPECT_EQ(name_of_result("a/.json"), ".json") << "a name is never empty";
}

}  // namespace
}  // namespace ipcbench

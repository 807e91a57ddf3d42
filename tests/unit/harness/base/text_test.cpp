#include "harness/base/text.h"

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

TEST(Text, IsTrimmedAtItsEndsOnly) {
  EXPECT_EQ(trimmed(" \ta b\n"), "a b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(" \n"), "");
}

TEST(Text, AWordIsNoPartOfAnother) {
  EXPECT_TRUE(has_word("SMP PREEMPT", "PREEMPT"));
  EXPECT_TRUE(has_word("PREEMPT_RT PREEMPT", "PREEMPT"));
  EXPECT_FALSE(has_word("PREEMPT_DYNAMIC", "PREEMPT"));
  EXPECT_FALSE(has_word("", "PREEMPT"));
}

TEST(Text, ANumberAtTheStartMayBeFollowedByAnything) {
  EXPECT_EQ(number_at_start("4096\n"), 4096u);
  EXPECT_EQ(number_at_start("7x"), 7u);
  EXPECT_EQ(number_at_start("max"), std::nullopt);
  EXPECT_EQ(number_at_start(""), std::nullopt);
}

}  // namespace
}  // namespace ipcbench

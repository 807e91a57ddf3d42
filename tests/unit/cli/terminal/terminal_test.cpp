#include "cli/terminal/terminal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/output/listing.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ShellQuoted, LeavesPlainWordsAlone) {
  EXPECT_EQ(shell_quoted("--size=64,4KiB"), "--size=64,4KiB");
  EXPECT_EQ(shell_quoted("a b"), "'a b'");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quoted(""), "''");
}

TEST(Tell, ShowsControlCharactersInsteadOfObeyingThem) {
  testing::internal::CaptureStderr();
  tell("case \x1b[31m\xff\nµs");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "case \\x1b[31m\\xff\nµs\n");
}

TEST(UseColor, AWordWinsOverEverything) {
  EXPECT_TRUE(use_color(ColorWhen::always, -1));
  EXPECT_FALSE(use_color(ColorWhen::never, 1));
  EXPECT_FALSE(use_color(ColorWhen::automatic, -1));
}

TEST(Listing, LeavesOutTablesWithoutRows) {
  const std::string text = format_tables({listing("Empty", {"name"}, {}), listing("Full", {"name"}, {{"one"}})}, false);
  EXPECT_THAT(text, AllOf(HasSubstr("Full"), HasSubstr("one"), Not(HasSubstr("Empty"))));
}

}  // namespace
}  // namespace ipcbench

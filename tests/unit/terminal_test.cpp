#include "cli/terminal.h"

#include <gtest/gtest.h>

#include "cli/listing.h"

namespace ipcbench {
namespace {

TEST(ShellQuoted, LeavesPlainWordsAlone) {
  EXPECT_EQ(shell_quoted("--size=64,4KiB"), "--size=64,4KiB");
  EXPECT_EQ(shell_quoted("a b"), "'a b'");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quoted(""), "''");
}

TEST(UseColor, AWordWinsOverEverything) {
  EXPECT_TRUE(use_color(ColorWhen::always, -1));
  EXPECT_FALSE(use_color(ColorWhen::never, 1));
  EXPECT_FALSE(use_color(ColorWhen::automatic, -1));
}

TEST(Listing, AlignsAllButTheLastColumn) {
  const Listing listing{.heading = "Numbers", .columns = {"name", "text"}, .rows = {{"one", "a"}, {"twelve", "b c"}}};
  EXPECT_EQ(text_of(listing, false), "Numbers\n  name    text\n  one     a\n  twelve  b c\n\n");
}

TEST(Listing, SaysNothingWithoutRows) {
  EXPECT_EQ(text_of({.heading = "None", .columns = {"name"}, .rows = {}}, true), "");
}

}  // namespace
}  // namespace ipcbench

#include "cli/terminal.h"

#include <chrono>

#include <gtest/gtest.h>

#include "cli/listing.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

TEST(FormatDuration, UsesTwoUnitsAtMost) {
  EXPECT_EQ(format_duration(0ns), "0 ms");
  EXPECT_EQ(format_duration(850ms), "850 ms");
  EXPECT_EQ(format_duration(48s + 300ms), "48 s");
  EXPECT_EQ(format_duration(125s), "2 min 05 s");
  EXPECT_EQ(format_duration(70min), "1 h 10 min");
}

TEST(FormatDuration, RoundsUpIntoTheNextUnit) { EXPECT_EQ(format_duration(59s + 600ms), "1 min 00 s"); }

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

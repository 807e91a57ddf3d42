#include "plots/table/wrap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/model/utf8.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;

TEST(Wrap, BreaksAtSpaces) {
  EXPECT_THAT(wrap("one two three four", 9), ElementsAre("one two", "three", "four"));
  EXPECT_THAT(wrap("one two", 7), ElementsAre("one two"));
  EXPECT_THAT(wrap("one  two", 8), ElementsAre("one  two"));
  EXPECT_THAT(wrap("", 8), ElementsAre(""));
}

TEST(Wrap, KeepsALongWordWhole) {
  EXPECT_THAT(wrap("a ping-pong/pipe/block/64/same-cpu b", 10),
              ElementsAre("a", "ping-pong/pipe/block/64/same-cpu", "b"));
}

TEST(Wrap, HeedsNewlines) { EXPECT_THAT(wrap("a b\nc\n\nd", 80), ElementsAre("a b", "c", "", "d")); }

TEST(Wrap, BreaksBetweenWideCharacters) {
  EXPECT_THAT(wrap("共享内存最快", 6), ElementsAre("共享内", "存最快"));
  EXPECT_THAT(wrap("用pipe测量", 6), ElementsAre("用pipe", "测量"));
}

TEST(Wrap, BeginsNoLineWithAClosingMark) {
  EXPECT_THAT(wrap("共享内存，最快", 8), ElementsAre("共享内", "存，最快"));
  EXPECT_THAT(wrap("管道（pipe）。", 6), ElementsAre("管道", "（pipe）。"));
}

TEST(Wrap, CountsColumnsOfATerminal) {
  for (const std::string& line : wrap("延迟 latency 吞吐量 throughput CPU开销 内存开销 memory", 12)) {
    EXPECT_LE(display_width(line), 12u) << line;
  }
}

}  // namespace
}  // namespace ipcbench

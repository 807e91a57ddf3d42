#include "harness/memory/memory_info.h"

#include <gtest/gtest.h>

#include "harness/memory/huge_pages.h"

namespace ipcbench {
namespace {

constexpr std::string_view kText =
    "MemTotal:       24617848 kB\nHugePages_Total:      12\nHugePages_Free:       broken\nHugepagesize:       2048 kB\n"
    "Empty:\nLast: 7";

TEST(MemoryInfo, ReadsBytesAndCounts) {
  EXPECT_EQ(memory_info("MemTotal", kText), std::size_t{24617848} * 1024);
  EXPECT_EQ(memory_info("HugePages_Total", kText), 12u);
  EXPECT_EQ(memory_info("Hugepagesize", kText), std::size_t{2} << 20);
  EXPECT_EQ(memory_info("Last", kText), 7u);
}

TEST(MemoryInfo, KnowsWhatIsNotThere) {
  for (const char* name : {"Mem", "HugePages_Free", "Empty", "HugePages_Rsvd", ""}) {
    EXPECT_EQ(memory_info(name, kText), std::nullopt) << name;
  }
}

TEST(HugePages, AreWhole) {
  const HugePages pages{.size = 2 << 20};
  EXPECT_EQ(pages.round_up(1), std::size_t{2} << 20);
  EXPECT_EQ(pages.round_up(4 << 20), std::size_t{4} << 20);
  EXPECT_EQ(HugePages{}.round_up(5), 5u);
}

}  // namespace
}  // namespace ipcbench

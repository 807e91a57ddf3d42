#include "harness/plan/channel_counts.h"

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

TEST(ChannelCounts, AreLessForLargeMessages) {
  EXPECT_EQ(channels_measured(64, 0), 8u + 128);
  EXPECT_EQ(channels_measured(32 << 20, 0), 8u + 128);
  EXPECT_EQ(channels_measured(256 << 20, 0), 8u + 16) << "4 GiB are written in all";
  EXPECT_EQ(channels_measured(std::size_t{4} << 30, 0), 8u + 8);
  EXPECT_EQ(channels_measured(64, 2 << 20), 8u + 8) << "of megabytes each few tell as much";
}

}  // namespace
}  // namespace ipcbench

// Checks the measured memory of channels against what the mechanisms are known to hold.

#include "harness/launch/channel_memory.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/sanitizers.h"
#include "harness/cgroup/memory_group.h"
#include "harness/cgroup/memory_limit.h"

namespace ipcbench {
namespace {

class ChannelMemory : public testing::Test {
 protected:
  void SetUp() override {
    if (kThreadSanitized) GTEST_SKIP() << "the thread sanitizer holds signals back";
  }
  ChannelRecord measured(const std::string& transport, std::size_t size = 64) {
    const CaseSpec spec{.transport = transport, .size = size};
    return measure_channel({.spec = spec}, run_).record;
  }
  ChannelRecord measured_by_set_size(const std::string& transport) {
    const CaseSpec spec{.transport = transport, .size = transport == "eventfd" ? std::size_t{0} : 64};
    return measure_channel({.spec = spec}, run_, false).record;
  }
  bool has_groups() {
    try {
      const MemoryGroup group(run_);
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  }

  RunDir run_ = RunDir::create();
};

TEST_F(ChannelMemory, OfAPipeIsItsBufferWhenFull) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  if (!has_groups()) GTEST_SKIP() << "no memory control group";
  const ChannelRecord channel = measured("pipe");
  ASSERT_TRUE(channel.idle_bytes && channel.loaded_bytes) << channel.reason;
  EXPECT_EQ(channel.payload_bytes, 65536);
  EXPECT_NEAR(*channel.loaded_bytes - *channel.idle_bytes, 65536, 6000);
  EXPECT_GT(*channel.idle_bytes, 2000);  // two pipes, four descriptors
  EXPECT_LT(*channel.idle_bytes, 20000);
  EXPECT_FALSE(channel.capped);
  EXPECT_GE(channel.channels, 16u);
}

TEST_F(ChannelMemory, OfWhatDoesNotFitTwiceIsRefusedWithBothNumbers) {
  const AvailableMemory memory = available_memory();
  const std::size_t size = memory.bytes / 10;  // a channel of loans has eight slots
  if (size >= std::size_t{1} << 31) GTEST_SKIP() << "this machine has room for two of the largest";
  const ChannelRecord channel = measured("memfd-loan", size);
  EXPECT_FALSE(channel.idle_bytes || channel.loaded_bytes);
  EXPECT_THAT(channel.reason, testing::HasSubstr(", two channels need "));
  EXPECT_EQ(channel.channels, 0u);
}

TEST_F(ChannelMemory, OfWhatCarriesNothingIsIdleOnly) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  if (!has_groups()) GTEST_SKIP() << "no memory control group";
  const ChannelRecord channel = measured("eventfd", 0);
  ASSERT_TRUE(channel.idle_bytes) << channel.reason;
  EXPECT_GT(*channel.idle_bytes, 300);
  EXPECT_LT(*channel.idle_bytes, 8000);
  EXPECT_FALSE(channel.loaded_bytes || channel.payload_bytes);
}

// Looking at a descriptor in /proc makes an inode there, of a KiB.
TEST_F(ChannelMemory, IsNotThatOfLookingAtIt) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  if (!has_groups()) GTEST_SKIP() << "no memory control group";
  const ChannelRecord channel = measured("signalfd", 0);  // a descriptor in each process
  ASSERT_TRUE(channel.idle_bytes) << channel.reason;
  EXPECT_LT(*channel.idle_bytes, 2000);
}

// The memory that sides meet in is freed once they have met, although each inherits it.
TEST_F(ChannelMemory, IsNotThatOfTheMeeting) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  if (!has_groups()) GTEST_SKIP() << "no memory control group";
  // Signals have handlers and no kernel object. On a busy machine, memory of other processes that is freed late may
  // look like one.
  ChannelRecord channel = measured("signal", 0);
  for (int again = 0; channel.idle_bytes && again < 4; ++again) channel = measured("signal", 0);
  EXPECT_FALSE(channel.idle_bytes) << *channel.idle_bytes;
  EXPECT_NE(channel.reason.find("bookkeeping"), std::string::npos) << channel.reason;
}

// The heap of a long-running coordinator has holes on many pages. Its processes copy them, and the kernel frees the
// page tables of those that have ended late.
TEST_F(ChannelMemory, DoesNotDependOnTheHeapOfTheCoordinator) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  if (!has_groups()) GTEST_SKIP() << "no memory control group";
  std::vector<std::unique_ptr<std::array<char, 200>>> blocks(200'000);
  for (auto& block : blocks) block = std::make_unique<std::array<char, 200>>();
  for (std::size_t i = 0; i < blocks.size(); i += 20) blocks[i].reset();
  for (int n = 0; n < 3; ++n) {
    const ChannelRecord channel = measured("eventfd", 0);
    ASSERT_TRUE(channel.idle_bytes) << channel.reason;
    EXPECT_GT(*channel.idle_bytes, 300);
    EXPECT_LT(*channel.idle_bytes, 2000);
    EXPECT_LT(*channel.idle_error_bytes, 150);  // what is freed late is as much for each number of channels
  }
}

TEST_F(ChannelMemory, OfARingIsThereBeforeAnythingIsSent) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  const ChannelRecord channel = measured("posix-shm");
  ASSERT_TRUE(channel.idle_bytes && channel.loaded_bytes) << channel.reason;
  EXPECT_GE(*channel.idle_bytes, 2 * 65536);
  EXPECT_LT(*channel.loaded_bytes, 1.1 * *channel.idle_bytes);
  EXPECT_EQ(channel.payload_bytes, 32768);  // slots of 128 bytes hold 64 each
}

TEST_F(ChannelMemory, ThatGrowsWithItsLoadIsCapped) {
  const ChannelRecord channel = measured("tcp", 4096);
  ASSERT_TRUE(channel.loaded_bytes) << channel.reason;
  EXPECT_TRUE(channel.capped);
  EXPECT_EQ(channel.payload_bytes, 1 << 20);
}

TEST_F(ChannelMemory, WithoutAControlGroupIsThatOfPagesPipesAndSockets) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  const ChannelRecord ring = measured_by_set_size("posix-shm");
  ASSERT_TRUE(ring.idle_bytes) << ring.reason;
  EXPECT_EQ(ring.source, "pss");
  EXPECT_GE(*ring.idle_bytes, 2 * 65536);
  EXPECT_LT(*ring.idle_bytes, 2.5 * 65536);
  const ChannelRecord pipe = measured_by_set_size("pipe");
  ASSERT_TRUE(pipe.loaded_bytes) << pipe.reason;
  EXPECT_NEAR(*pipe.loaded_bytes, 65536, 6000);
  const ChannelRecord datagrams = measured_by_set_size("unix-dgram");
  ASSERT_TRUE(datagrams.loaded_bytes) << datagrams.reason;
  EXPECT_GT(*datagrams.loaded_bytes, 5 * *datagrams.payload_bytes);  // with the bookkeeping of each message
}

TEST_F(ChannelMemory, OfAMessageLargerThanThePipeCountsThePartThatLiesInIt) {
  const ChannelRecord channel = measured("pipe", 4 << 20);
  ASSERT_TRUE(channel.loaded_bytes) << channel.reason;
  EXPECT_EQ(channel.payload_bytes, 65536);
  EXPECT_FALSE(channel.capped);
}

TEST_F(ChannelMemory, OfMessagesOverTheCapHoldsOneAtLeast) {
  constexpr std::size_t kSize = 2 << 20;
  const ChannelRecord channel = measured("tcp", kSize);
  ASSERT_TRUE(channel.loaded_bytes && channel.payload_bytes) << channel.reason;
  EXPECT_GT(*channel.payload_bytes, kSize / 4);  // all of it, or as far as the buffers had grown
  EXPECT_LE(*channel.payload_bytes, kSize);
  EXPECT_GE(*channel.loaded_bytes, *channel.payload_bytes);
}

TEST_F(ChannelMemory, OfAMessageInPiecesHasNoPayloadThatCouldBeCounted) {
  const ChannelRecord channel = measured("posix-shm", 4 << 20);  // through rings of 64 KiB
  ASSERT_TRUE(channel.loaded_bytes) << channel.reason;
  EXPECT_FALSE(channel.payload_bytes);
  EXPECT_NE(channel.reason.find("larger than what a channel takes"), std::string::npos) << channel.reason;
}

TEST_F(ChannelMemory, SaysWhatItsSourceSaw) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  for (const char* transport : {"pipe", "fifo", "socketpair", "unix-stream", "udp", "posix-shm", "sysv-shm-loan"}) {
    const ChannelRecord channel = measured_by_set_size(transport);
    EXPECT_EQ(channel.kernel_objects, "contents") << transport << channel.reason;
    ASSERT_TRUE(channel.loaded_error_bytes) << transport;
    EXPECT_LT(*channel.loaded_error_bytes, 0.1 * *channel.loaded_bytes) << transport;
  }
  const ChannelRecord queue = measured_by_set_size("sysv-mq");
  EXPECT_EQ(queue.kernel_objects, "none");
  EXPECT_EQ(measured_by_set_size("eventfd").kernel_objects, "none");
  if (has_groups()) {
    EXPECT_EQ(measured("sysv-mq").kernel_objects, "all");
  }
}

// Both sources agree except for the kernel's own objects, of at most four pages.
TEST_F(ChannelMemory, IsNearlyTheSameByBothSources) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  if (!has_groups()) GTEST_SKIP() << "no memory control group";
  for (const char* transport : {"pipe", "unix-stream", "unix-dgram", "sysv-shm"}) {
    const ChannelRecord all = measured(transport);
    const ChannelRecord contents = measured_by_set_size(transport);
    ASSERT_TRUE(all.loaded_bytes && contents.loaded_bytes) << transport << all.reason << contents.reason;
    EXPECT_LT(*contents.loaded_bytes, *all.loaded_bytes + *all.loaded_error_bytes) << transport;
    EXPECT_LT(*all.loaded_bytes, *contents.loaded_bytes + 16384 + *all.loaded_error_bytes) << transport;
  }
}

TEST_F(ChannelMemory, ThatCannotBeHadSaysWhy) {
  // A message that is longer than the host's queues accept.
  const ChannelRecord channel = measured("posix-mq", 1 << 24);
  EXPECT_FALSE(channel.idle_bytes);
  EXPECT_NE(channel.reason.find("mq_open"), std::string::npos) << channel.reason;
}

}  // namespace
}  // namespace ipcbench

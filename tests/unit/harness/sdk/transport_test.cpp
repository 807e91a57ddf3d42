#include "harness/sdk/transport.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "harness/sdk/registry.h"

namespace ipcbench {
namespace {

TEST(Names, AreThoseOfIdsAndResults) {
  EXPECT_EQ(to_string(WaitStrategy::block), "block");
  EXPECT_EQ(to_string(Shape::byte_stream), "byte-stream");
  EXPECT_EQ(to_string(Direction::one_way), "one-way");
  EXPECT_EQ(to_string(Persistence::file_system), "file-system");
  EXPECT_EQ(to_string(Rendezvous::inherited), "inherited");
  EXPECT_EQ(to_string(WhenFull::merges), "merges");
  EXPECT_EQ(to_string(Why::not_built), "not_built");
}

TEST(Names, OfWaitStrategiesAreReadBack) {
  for (const WaitStrategy wait : kWaitStrategies) EXPECT_EQ(parse_wait_strategy(to_string(wait)), wait);
  EXPECT_EQ(parse_wait_strategy("sleep"), std::nullopt);
}

TEST(Registry, FindsWhatWasBuilt) {
  ASSERT_NE(find_transport("pipe"), nullptr);
  EXPECT_EQ(find_transport("pipe")->info().name, "pipe");
  EXPECT_EQ(find_transport("zeromq"), nullptr);
  EXPECT_EQ(find_transport("nothing"), nullptr);
}

TEST(Registry, KnowsWhyAnEntryIsMissing) {
  ASSERT_NE(find_registered("zeromq"), nullptr);
  EXPECT_EQ(find_registered("zeromq")->missing_reason, "libzmq was not found");
  EXPECT_EQ(find_registered("nothing"), nullptr);
}

TEST(SizeRefusal, SaysWhatTheHostForbids) {
  const Available host{.max_message = 8192, .limit = "msgsize_max is 8192"};
  const Transport& queue = *find_transport("posix-mq");
  EXPECT_EQ(size_refusal(queue, host, {}, 8192), "");
  EXPECT_EQ(size_refusal(queue, host, {}, 65536), "msgsize_max is 8192, the case needs 65536");
}

TEST(SizeRefusal, SaysWhatTheMechanismForbids) {
  const Transport& udp = *find_transport("udp");
  EXPECT_EQ(size_refusal(udp, Available{}, {}, 65507), "");
  EXPECT_EQ(size_refusal(udp, Available{}, {}, 65536), "the largest message of udp is 65507 B, the case needs 65536");
  EXPECT_EQ(size_refusal(udp, Available{}, {}, 0), "the smallest message of udp is 1 B");
}

TEST(SizeRefusal, TakesOnlyZeroWhereNothingIsCarried) {
  const Transport& eventfd = *find_transport("eventfd");
  EXPECT_EQ(size_refusal(eventfd, Available{}, {}, 0), "");
  EXPECT_EQ(size_refusal(eventfd, Available{}, {}, 64), "eventfd carries no payload");
}

TEST(SessionConfig, ReadsDeclaredOptionsOnly) {
  // A run directory would touch the file system; the reference is bound but never used.
  alignas(RunDir) std::byte unused[sizeof(RunDir)];
  const SessionConfig config{.run_dir = reinterpret_cast<RunDir&>(unused),
                             .options = {{"capacity", "64KiB"}, {"lock", "ofd"}, {"window", "64"}}};
  EXPECT_EQ(config.option("lock"), "ofd");
  EXPECT_EQ(config.option_size("capacity"), 65536u);
  EXPECT_EQ(config.option_count("window"), 64u);
  EXPECT_THROW(config.option("wake"), std::out_of_range);
}

}  // namespace
}  // namespace ipcbench

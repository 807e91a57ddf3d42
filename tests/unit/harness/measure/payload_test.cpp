#include "harness/measure/payload.h"

#include <vector>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

constexpr PayloadMode kModes[] = {PayloadMode::lines, PayloadMode::full, PayloadMode::header};
constexpr std::size_t kSizes[] = {1, 3, 7, 8, 9, 63, 64, 65, 71, 72, 73, 4096, 4099};

TEST(Payload, AcceptsWhatItWrote) {
  for (const PayloadMode mode : kModes) {
    for (const std::size_t size : kSizes) {
      const Payload payload(mode, 42, Role::producer);
      std::vector<std::byte> message(size, std::byte{0xff});
      payload.write(message, 7);
      EXPECT_TRUE(payload.check(message, 7)) << size;
    }
  }
}

TEST(Payload, TellsNeighbouringMessagesAndRolesApart) {
  for (const PayloadMode mode : kModes) {
    const Payload producer(mode, 42, Role::producer);
    const Payload consumer(mode, 42, Role::consumer);
    std::vector<std::byte> message(256);
    for (std::uint64_t sequence = 1; sequence < 2000; ++sequence) {
      producer.write(message, sequence);
      EXPECT_FALSE(producer.check(message, sequence - 1));
      EXPECT_FALSE(producer.check(message, sequence + 1));
      EXPECT_FALSE(consumer.check(message, sequence));
    }
  }
}

// Even one byte distinguishes an answer from its question, and a message from any that may arrive in its place.
TEST(Payload, OneByteTellsRolesAndTheNext255MessagesApart) {
  std::vector<std::byte> message(1);
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Payload producer(PayloadMode::lines, seed, Role::producer);
    const Payload consumer(PayloadMode::lines, seed, Role::consumer);
    const std::uint64_t sequence = seed << 40;
    producer.write(message, sequence);
    EXPECT_TRUE(producer.check(message, sequence));
    EXPECT_FALSE(consumer.check(message, sequence)) << seed;
    for (std::uint64_t distance = 1; distance < 256; ++distance) {
      EXPECT_FALSE(producer.check(message, sequence + distance)) << distance;
    }
  }
}

TEST(Payload, LinesSeesOneWrongByteInEveryLinesWord) {
  const Payload payload(PayloadMode::lines, 1, Role::consumer);
  std::vector<std::byte> message(1024);
  for (std::size_t line = 0; line < message.size(); line += kCacheLine) {
    payload.write(message, 3);
    message[line + 5] ^= std::byte{1};
    EXPECT_FALSE(payload.check(message, 3)) << line;
  }
}

TEST(Payload, FullSeesEveryByte) {
  const Payload payload(PayloadMode::full, 1, Role::consumer);
  std::vector<std::byte> message(77);
  for (std::size_t at = 0; at < message.size(); ++at) {
    payload.write(message, 3);
    message[at] ^= std::byte{0x80};
    EXPECT_FALSE(payload.check(message, 3)) << at;
  }
}

}  // namespace
}  // namespace ipcbench

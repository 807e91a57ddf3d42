#include "scenarios/casts/receipts.h"

#include <array>
#include <memory>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

constexpr std::size_t kSize = 64;
constexpr std::uint64_t kExpected = 40;

class ReceiptsTest : public ::testing::Test {
 protected:
  ReceiptsTest() { receipts_.begin(kExpected); }

  Receipts make(bool is_complete, bool sends_on) { return {spec_, 2, is_complete, sends_on, *log_}; }

  // Returns whether a message of `producer` is taken.
  bool take(std::uint64_t number, std::uint16_t producer = 0) { return take(receipts_, number, producer); }
  bool take(Receipts& receipts, std::uint64_t number, std::uint16_t producer = 0) {
    const CastPayload payload(spec_.payload, spec_.seed, {.role = Role::producer, .index = producer}, kSize);
    const CastHeader header{.index = producer, .number = number};
    header.write(message_);
    payload.write(message_, number);
    return receipts.accept(CastHeader::read(message_), message_, lane_);
  }
  Failure failure() const { return log_->side.failure; }
  std::uint64_t failed_number() const { return log_->side.failed_sequence; }

  LoopSpec spec_{.seed = 7, .message_size = kSize};
  std::unique_ptr<SeatLog> log_ = std::make_unique<SeatLog>();
  SeatLane lane_{kSize, log_->side};
  std::array<std::byte, kSize> message_{};
  Receipts receipts_{spec_, 2, true, true, *log_};
};

TEST_F(ReceiptsTest, CountEachSenderApart) {
  for (std::uint64_t n = 0; n < 10; ++n) EXPECT_TRUE(take(n, 0));
  for (std::uint64_t n = 0; n < 5; ++n) EXPECT_TRUE(take(n, 1));
  EXPECT_EQ(receipts_.count(), 15u);
  EXPECT_EQ(log_->senders[0].count, 10u);
  EXPECT_EQ(log_->senders[0].sum, 45u);
  EXPECT_EQ(log_->senders[0].squares, 285u);
  EXPECT_EQ(log_->senders[1].count, 5u);
  EXPECT_EQ(log_->senders[0].slices[0] + log_->senders[0].slices[1], 4u) << "40 messages are 20 slices of two";
}

TEST_F(ReceiptsTest, GoOnCountingFromWhereTheWarmUpEnded) {
  EXPECT_TRUE(take(0));
  receipts_.begin(kExpected);
  EXPECT_FALSE(take(0));
  EXPECT_EQ(failure(), Failure::duplicated);
}

TEST_F(ReceiptsTest, TellALostMessageFromALateOne) {
  EXPECT_TRUE(take(0));
  EXPECT_TRUE(take(2)) << "the next message decides";
  EXPECT_TRUE(take(0, 1)) << "one of another producer doesn't";
  EXPECT_FALSE(take(3));
  EXPECT_EQ(failure(), Failure::lost);
  EXPECT_EQ(failed_number(), 1u);
}

TEST_F(ReceiptsTest, FindALateMessage) {
  EXPECT_TRUE(take(1));
  EXPECT_FALSE(take(0));
  EXPECT_EQ(failure(), Failure::reordered);
  EXPECT_EQ(failed_number(), 0u);
}

TEST_F(ReceiptsTest, FindTheLastMessageLostByTheEndMark) {
  EXPECT_TRUE(take(1));
  EXPECT_FALSE(receipts_.accept_mark(lane_));
  EXPECT_EQ(failure(), Failure::lost);
  EXPECT_EQ(failed_number(), 0u);
}

TEST_F(ReceiptsTest, DecideAtOnceWhereTheSenderWaitsForAnAnswer) {
  Receipts of_server = make(true, false);
  of_server.begin(kExpected);
  EXPECT_FALSE(take(of_server, 1));
  EXPECT_EQ(failure(), Failure::lost);
}

TEST_F(ReceiptsTest, LetGapsBeWhereOthersTakeMessagesToo) {
  Receipts shared = make(false, true);
  shared.begin(kExpected);
  EXPECT_TRUE(take(shared, 3));
  EXPECT_TRUE(take(shared, 9));
  EXPECT_FALSE(take(shared, 5));
  EXPECT_EQ(failure(), Failure::reordered);
}

TEST_F(ReceiptsTest, RefuseAMessageOfAnotherSeat) {
  const CastPayload payload(spec_.payload, spec_.seed, {.role = Role::producer, .index = 1}, kSize);
  const CastHeader header{.index = 0, .number = 0};
  header.write(message_);
  payload.write(message_, 0);
  EXPECT_FALSE(receipts_.accept(header, message_, lane_)) << "the payload is producer 1's";
  EXPECT_EQ(failure(), Failure::corrupted);
}

TEST_F(ReceiptsTest, RefuseASeatThatThereIsNot) {
  EXPECT_FALSE(take(0, 2));
  EXPECT_EQ(failure(), Failure::corrupted);
}

TEST(CastHeader, KeepsIndexAndNumberApart) {
  std::array<std::byte, CastHeader::kSize> bytes{};
  CastHeader{.index = 0xffff, .number = CastHeader::kEndMark}.write(bytes);
  const CastHeader read = CastHeader::read(bytes);
  EXPECT_EQ(read.index, 0xffff);
  EXPECT_EQ(read.number, CastHeader::kEndMark);
}

}  // namespace
}  // namespace ipcbench

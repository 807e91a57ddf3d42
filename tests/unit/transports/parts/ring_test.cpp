#include "transports/parts/ring.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "harness/memory/mapping.h"
#include "tests/support/ring_messages.h"
#include "transports/parts/ring_endpoint.h"
#include "transports/parts/wake.h"

namespace ipcbench {
namespace {

static_assert(MessageEndpoint<RingEndpoint<SpinWait>> && !LoanEndpoint<RingEndpoint<SpinWait>>);
static_assert(LoanEndpoint<RingLoanEndpoint<HybridWait>> && !MessageEndpoint<RingLoanEndpoint<HybridWait>>);

// "Sleeps" by running what the peer would do meanwhile: a single thread, deterministic.
struct ScriptedWait {
  static constexpr bool kSleeps = true;
  static constexpr bool kWakeStays = false;
  std::function<void()>* asleep;
  void wait_while_equal(const std::uint32_t* word, std::uint32_t seen) noexcept {
    EXPECT_EQ(*word, seen);
    (*asleep)();
  }
  void wake(const std::uint32_t* word) noexcept { EXPECT_EQ(*word, 0u); }
  bool spins_before_sleep() noexcept { return false; }
  void awake() noexcept {}
};

// One direction of its own channel.
struct OneRing {
  explicit OneRing(const RingShape& ring_shape) : shape(ring_shape) {}
  RingPlace place() const { return shape.place({memory.data(), memory.size()}, Role::producer); }
  template <class W>
  RingWriter<W> writer(W wait) const {
    return {place(), shape, wait};
  }
  template <class W>
  RingReader<W> reader(W wait) const {
    return {place(), shape, wait};
  }

  RingShape shape;
  Mapping memory = Mapping::shared_anonymous(shape.channel_bytes());
};

TEST(RingShape, ShortMessagesTakeOneLineAndLongOnesAQuarter) {
  EXPECT_EQ(RingShape::copying(25).stride, 64u);
  EXPECT_EQ(RingShape::copying(56).stride, 64u);
  EXPECT_EQ(RingShape::copying(56).slots(), 1024u);
  EXPECT_EQ(RingShape::copying(57).stride, 128u);
  EXPECT_EQ(RingShape::copying(64, kRingCapacity, 8).stride, 72u);
  EXPECT_EQ(RingShape::copying(4 << 20).stride, 16u << 10);
  EXPECT_EQ(RingShape::copying(4 << 20).slots(), 4u);
  EXPECT_EQ(RingShape::copying(1000, 1).slots(), 4u);
}

TEST(RingShape, TheShortestMessagesShareALineWithTheirAnswers) {
  for (const std::size_t size : {1u, 8u, 9u, 24u}) {
    for (const RingShape& shape : {RingShape::copying(size), RingShape::lending(size)}) {
      EXPECT_EQ(shape.stride, size <= 8 ? 32u : 64u);
      EXPECT_EQ(shape.opposite, shape.stride / 2);
      EXPECT_EQ(shape.slots() * shape.opposite, kRingCapacity);
      EXPECT_EQ(shape.channel_bytes(), 2 * (sizeof(RingState) + kRingCapacity));
    }
  }
}

TEST(RingShape, WholeLinesAreCopiedWhereThatTakesNoMoreOfThem) {
  for (const std::size_t size : {128u, 4096u, 65536u, 4u << 20})
    EXPECT_EQ(RingShape::copying(size).payload_offset, 64u);
  for (const std::size_t size : {64u, 65u}) EXPECT_EQ(RingShape::copying(size).payload_offset, 8u);
  EXPECT_EQ(RingShape::copying(120).payload_offset, 8u);
  EXPECT_EQ(RingShape::copying(121).payload_offset, 64u);
}

// No byte of a slot belongs to another slot of either direction, or lies outside the channel.
TEST(RingShape, SlotsOfBothDirectionsAreApart) {
  for (const std::size_t size : ring_sizes()) {
    for (const RingShape& shape : {RingShape::copying(size), RingShape::copying(size, 1), RingShape::lending(size)}) {
      std::vector<std::size_t> begins;
      for (const std::size_t direction : {std::size_t{0}, shape.opposite}) {
        for (std::size_t slot = 0; slot < shape.slots(); ++slot) {
          begins.push_back(2 * sizeof(RingState) + direction + slot * shape.stride);
        }
      }
      begins.push_back(shape.channel_bytes());
      std::sort(begins.begin(), begins.end());
      for (std::size_t i = 1; i < begins.size(); ++i) {
        ASSERT_LE(begins[i - 1] + shape.payload_offset + shape.slot_payload, begins[i]) << size;
      }
    }
  }
}

TEST(RingShape, LentPayloadStandsOnLinesOfItsOwn) {
  EXPECT_EQ(RingShape::lending(56).stride, 64u);
  EXPECT_EQ(RingShape::lending(57).payload_offset, 64u);
  EXPECT_EQ(RingShape::lending(64).stride, 128u);
  EXPECT_EQ(RingShape::lending(1 << 20).slots(), 4u);
}

TEST(RingShape, TheLargestLentMessageFitsAndOneLineMoreDoesNot) {
  for (const std::size_t bytes : {std::size_t{200'000}, std::size_t{1} << 20, (std::size_t{1} << 24) + 4096}) {
    const std::size_t largest = RingShape::largest_lent(bytes);
    EXPECT_LE(RingShape::lending(largest).channel_bytes(), bytes);
    EXPECT_GT(RingShape::lending(largest + kCacheLine).channel_bytes(), bytes);
  }
  EXPECT_EQ(RingShape::largest_lent(100'000), 0u);
}

TEST(Ring, AFullRingBlocksTheWriterAndKeepsTheOrder) {
  const OneRing ring(RingShape::copying(8, 1024));
  std::uint64_t taken = 0, sleeps = 0;
  std::function<void()> never = [] { FAIL() << "the reader slept"; };
  RingReader<ScriptedWait> reader = ring.reader(ScriptedWait{&never});
  const auto take = [&] {
    std::array<std::byte, 8> in;
    EXPECT_EQ(reader.receive(in).size, 8u);
    EXPECT_TRUE(Payload(PayloadMode::full, 1, Role::producer).check(in, taken++));
  };
  std::uint64_t sent = 0;
  std::function<void()> drain_some = [&] {
    ++sleeps;
    EXPECT_EQ(sent % ring.shape.slots(), 0u);  // the ring was full, not one message before
    EXPECT_EQ(sent - taken, ring.shape.slots());
    while (taken < sent) take();
  };
  RingWriter<ScriptedWait> writer = ring.writer(ScriptedWait{&drain_some});
  for (; sent < 10 * ring.shape.slots(); ++sent) ASSERT_EQ(writer.send(full_message(8, sent)), IoStatus::ok);
  EXPECT_EQ(sleeps, 9u);
}

TEST(Ring, AnEmptyRingBlocksTheReader) {
  const OneRing ring(RingShape::copying(100, 1024));
  std::function<void()> never = [] { FAIL() << "the writer slept"; };
  RingWriter<ScriptedWait> writer = ring.writer(ScriptedWait{&never});
  std::uint64_t sent = 0;
  std::function<void()> send_one = [&] { writer.send(full_message(100, sent++)); };
  RingReader<ScriptedWait> reader = ring.reader(ScriptedWait{&send_one});
  std::array<std::byte, 100> in;
  for (std::uint64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(sent, i);
    EXPECT_EQ(reader.receive(in).size, 100u);
    EXPECT_TRUE(Payload(PayloadMode::full, 1, Role::producer).check(in, i));
  }
}

// The payload imitates headers of this and the coming fills of the two blocks in use, in long, short and truncated
// messages. Once the reader has taken all, it must sleep.
TEST(Ring, PayloadThatLooksLikeAHeaderIsNeverTakenForOne) {
  for (const std::size_t rounding : {std::size_t{8}, kSlotRounding}) {
    const OneRing ring(RingShape::copying(200, 1024, rounding));
    std::uint64_t slots_used = 0;
    std::size_t waiting = 0;
    std::function<void()> never = [] { FAIL() << "the writer slept"; };
    RingWriter<ScriptedWait> writer = ring.writer(ScriptedWait{&never});
    std::mt19937_64 random(7);
    std::vector<std::byte> message;
    std::function<void()> send_headers = [&] {
      ++waiting;
      message.resize(1 + random() % 500);
      for (std::size_t at = 0; at < message.size(); at += 8) {
        const std::uint64_t word = SlotHeader(static_cast<std::uint32_t>(slots_used / 2 + at / 8 % 6), 8, false).word();
        std::memcpy(message.data() + at, &word, std::min<std::size_t>(8, message.size() - at));
      }
      slots_used += (message.size() + ring.shape.slot_payload - 1) / ring.shape.slot_payload;
      writer.send(message);
    };
    RingReader<ScriptedWait> reader = ring.reader(ScriptedWait{&send_headers});
    std::vector<std::byte> in(500);
    for (std::size_t i = 1; i <= 1000; ++i) {
      const std::size_t size = reader.receive(in).size;
      ASSERT_EQ(size, message.size());
      ASSERT_EQ(waiting, i);
      ASSERT_TRUE(std::equal(message.begin(), message.end(), in.begin()));
    }
  }
}

TEST(Ring, AMessageLongerThanTheBufferIsCutAndReportedWhole) {
  const OneRing ring(RingShape::copying(4096, 4096));
  auto writer = ring.writer(SpinWait{});
  auto reader = ring.reader(SpinWait{});
  for (const std::size_t room : {0u, 1u, 900u, 960u, 961u, 2799u}) {
    const std::vector<std::byte> message = full_message(2800, room);
    writer.send(message);
    writer.send(full_message(8, 1));
    std::vector<std::byte> in(room + 1, std::byte{0x5a});
    EXPECT_EQ(reader.receive({in.data(), room}).size, 2800u);
    EXPECT_TRUE(std::equal(in.begin(), in.end() - 1, message.begin()));
    EXPECT_EQ(in.back(), std::byte{0x5a});
    std::array<std::byte, 8> next;
    EXPECT_EQ(reader.receive(next).size, 8u);
    EXPECT_TRUE(Payload(PayloadMode::full, 1, Role::producer).check(next, 1));
  }
}

TEST(SlotHeader, HoldsWhatItWasMadeOf) {
  for (const std::uint32_t tag : {0u, 1u, 0xffffffffu}) {
    for (const std::size_t length : {std::size_t{0}, std::size_t{64}, SlotHeader::kMaxLength}) {
      for (const bool more : {false, true}) {
        const SlotHeader header(SlotHeader(tag, length, more).word());
        EXPECT_TRUE(header.has(tag));
        EXPECT_FALSE(header.has(tag + 1));
        EXPECT_FALSE(header.has(tag - 1));
        EXPECT_EQ(header.length(), length);
        EXPECT_EQ(header.more(), more);
        EXPECT_EQ(header.ends_within(length), !more);
        EXPECT_FALSE(length != 0 && header.ends_within(length - 1));
      }
    }
  }
}

// Returns the slots that `count` messages of 8 bytes use if the reader is at most `behind` messages behind.
std::set<const std::byte*> slots_used(const OneRing& ring, std::uint64_t count, std::uint64_t behind) {
  auto writer = ring.writer(SpinWait{});
  auto reader = ring.reader(SpinWait{});
  std::set<const std::byte*> used;
  std::uint64_t taken = 0;
  for (std::uint64_t sent = 0; sent < count; ++sent) {
    writer.publish(writer.loan(8).bytes);
    for (; sent + 1 - taken > behind; ++taken) {
      const View view = reader.acquire();
      used.insert(view.bytes.data());
      reader.release(view.bytes);
    }
  }
  return used;
}

TEST(Ring, TrafficThatIsReadAtOnceKeepsToTwoBlocks) {
  const RingShape shape = RingShape::lending(8);
  EXPECT_EQ(slots_used(OneRing(shape), 10 * shape.slots(), 0).size(), 2 * shape.block_slots);
}

TEST(Ring, TrafficThatLagsTakesTheBlocksThatItNeeds) {
  const RingShape shape = RingShape::lending(8);
  const OneRing ring(shape);
  EXPECT_EQ(slots_used(ring, 10 * shape.slots(), 3 * shape.block_slots).size(), 4 * shape.block_slots);
}

TEST(Ring, LargeBlocksAreFilledInACircle) {
  const RingShape shape = RingShape::lending(64 * 1024);
  EXPECT_EQ(slots_used(OneRing(shape), 10 * shape.slots(), 0).size(), shape.slots());
}

// The reader lags by any number of messages, up to a full ring: every block is used, and old headers lie everywhere.
TEST(Ring, WhateverTheOrderOfTheBlocksTheOrderOfTheMessagesIsKept) {
  for (const std::size_t size : {8u, 56u, 64u, 200u}) {
    const OneRing ring(RingShape::copying(size, 4096));
    auto writer = ring.writer(SpinWait{});
    std::uint64_t sent = 0, taken = 0;
    std::function<void()> send_one = [&] { writer.send(full_message(size, sent++)); };
    auto reader = ring.reader(ScriptedWait{&send_one});  // sleeps only when nothing is left; otherwise taken > sent
    std::mt19937_64 random(size);
    std::vector<std::byte> in(size);
    const std::uint64_t room = ring.shape.slots() - ring.shape.block_slots;  // with one block partly read
    while (sent < 200 * ring.shape.slots()) {
      for (std::uint64_t n = random() % (room - std::min(room, sent - taken) + 1); n != 0; --n) send_one();
      for (std::uint64_t n = random() % (sent - taken + 2); n != 0; --n, ++taken) {
        ASSERT_EQ(reader.receive(in).size, size);
        ASSERT_TRUE(Payload(PayloadMode::full, 1, Role::producer).check(in, taken)) << size << " B, " << taken;
        ASSERT_LT(taken, sent);
      }
    }
  }
}

TEST(RingLoan, IsPublishedShorterThanLentAndReadInPlace) {
  for (const std::size_t size : {1u, 8u, 56u, 57u, 64u, 100u, 4096u, 65536u, 1u << 20}) {
    const OneRing ring(RingShape::lending(size));
    auto writer = ring.writer(SpinWait{});
    auto reader = ring.reader(SpinWait{});
    for (std::uint64_t i = 0; i < 3 * ring.shape.slots(); ++i) {
      const Loan loan = writer.loan(size);
      ASSERT_EQ(loan.status, IoStatus::ok);
      ASSERT_EQ(loan.bytes.size(), size);
      ASSERT_EQ(writer.loan(size).bytes.data(), loan.bytes.data());
      const Bytes shorter = loan.bytes.first(1 + i % size);
      Payload(PayloadMode::lines, 1, Role::producer).write(shorter, i);
      ASSERT_EQ(writer.publish(shorter), IoStatus::ok);
      const View view = reader.acquire();
      ASSERT_EQ(view.bytes.data(), shorter.data());
      ASSERT_EQ(view.bytes.size(), shorter.size());
      ASSERT_TRUE(Payload(PayloadMode::lines, 1, Role::producer).check(view.bytes, i));
      if (size > 56) {
        ASSERT_EQ(reinterpret_cast<std::uintptr_t>(view.bytes.data()) % kCacheLine, 0u);
      }
      reader.release(view.bytes);
    }
  }
}

TEST(RingLoan, MoreThanTheLargestMessageIsRefused) {
  for (const std::size_t size : {1u, 56u, 100u, 65536u}) {
    const OneRing ring(RingShape::lending(size));
    auto writer = ring.writer(SpinWait{});
    errno = 0;
    EXPECT_EQ(writer.loan(size + 1).status, IoStatus::failed);
    EXPECT_EQ(errno, EMSGSIZE);
    EXPECT_EQ(writer.loan(size).status, IoStatus::ok);
  }
}

TEST(RingLoan, ASlotIsNotLentAgainBeforeItsRelease) {
  const OneRing ring(RingShape::lending(1 << 16));
  auto reader = ring.reader(SpinWait{});
  std::vector<ConstBytes> held;
  std::size_t sleeps = 0;
  std::function<void()> release_one = [&] {
    ++sleeps;
    EXPECT_EQ(held.size(), ring.shape.slots());
    reader.release(held.front());
    held.erase(held.begin());
  };
  auto writer = ring.writer(ScriptedWait{&release_one});
  for (std::uint64_t i = 0; i < 20; ++i) {
    const Bytes bytes = writer.loan(64).bytes;
    for (const ConstBytes other : held) EXPECT_NE(other.data(), bytes.data());
    writer.publish(bytes);
    held.push_back(reader.acquire().bytes);
  }
  EXPECT_EQ(sleeps, 20 - ring.shape.slots());
}

}  // namespace
}  // namespace ipcbench

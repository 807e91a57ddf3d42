#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "harness/base/prefetch.h"
#include "harness/measure/bytes.h"
#include "harness/measure/payload.h"
#include "harness/sdk/endpoint.h"
#include "harness/sdk/wait_policy.h"
#include "transports/parts/copy.h"

// A ring carries messages in order from one writer to one reader, in fixed slots of memory that two processes share.
// Each slot starts with its own header, which says whether the slot is filled and with what. The reader polls the
// header of the slot that it expects, so a short message crosses in one cache line, and there is no shared head index.
// Slots never move, so payload never lies where a header is read.
//
// Slots are filled block by block; the writer takes the block that was emptied last. Traffic that is read as fast as it
// is written therefore keeps to two blocks, however large the ring. Their lines stay in the CPUs' innermost caches,
// which a lap through 64 KiB would flush. Blocks too large for that are filled in a circle. A block is empty when all
// of its slots have been read. A ring takes as many messages as it has slots, but up to a block fewer while one is read
// in part.
//
// Zeroed memory is an empty ring. It holds no addresses.

namespace ipcbench {

// The stride of slots is a multiple of this, but for the shortest messages. A multiple of 8 would pack messages a
// little over a line more tightly (64 B: 72 instead of 128 bytes). But the writer would then fill the line in which the
// reader looks for the next message.
inline constexpr std::size_t kSlotRounding = kCacheLine;

// Bytes of slots in a direction, unless an option says otherwise.
inline constexpr std::size_t kRingCapacity = std::size_t{64} << 10;

inline constexpr std::size_t kRingBlocks = 16;  // at most; fewer where there are fewer slots
// Bytes of a block that stays hot: two such blocks are half of a usual first-level cache.
inline constexpr std::size_t kLargestHotBlock = std::size_t{8} << 10;

// A block of fewer slots isn't prefetched as a whole: its messages are large, and the CPU sees their order itself.
inline constexpr std::size_t kLeastAskedSlots = 4;

// RingState stands before the slots of a direction.
struct RingState {
  alignas(2 * kCacheLine) std::uint64_t consumed;  // by the reader: slots given back since the ring was made
  // Written by the writer: at n % kRingBlocks, where the n-th block filled since the ring was made lies. The upper 56
  // bits hold n + 1, so that the reader sees whether the entry is there yet; the lower 8 hold the block.
  alignas(2 * kCacheLine) std::array<std::uint64_t, kRingBlocks> order;
  WaitWord reader;
  WaitWord writer;
};

// RingPlace is where one direction lies in a channel's memory.
struct RingPlace {
  RingState& state;
  std::byte* slots;  // the first one
};

// RingShape is how the memory of a channel, two rings in opposite directions, is divided. Both sides must use the same
// values.
//
// For messages of up to 24 bytes the slots of both directions alternate, so that a message and its answer use the same
// line. The answering side has just read the line. On CPUs where a read takes a modified line over from the writer's
// cache (AMD), it needn't request the line again. A round trip then costs little more than that of a bare line; with
// separate lines it costs half as much again.
struct RingShape {
  std::size_t blocks = 0;          // in a direction, up to kRingBlocks
  std::size_t block_slots = 0;     // in a block
  std::size_t stride = 0;          // bytes from a slot to the next of its direction
  std::size_t payload_offset = 0;  // bytes from a slot to its payload
  std::size_t slot_payload = 0;    // bytes, the most that one slot carries
  std::size_t opposite = 0;        // bytes from a slot of the producer's ring to that of the consumer's

  // Returns a shape for messages that are copied in and out; one longer than a slot is split over several. `capacity`
  // (bytes of slots, > 0) is rounded up to a multiple of 256, and there are at least 4 slots.
  static RingShape copying(std::size_t message_size, std::size_t capacity = kRingCapacity,
                           std::size_t rounding = kSlotRounding);
  // Returns a shape for messages built and read in place, each in one slot. Up to 56 B lie beside the header; longer
  // ones have lines of their own, so that payload is aligned to a cache line. There are at least 64 KiB and 4 slots.
  static RingShape lending(std::size_t message_size);
  // Returns the longest message whose lending channel fits in `bytes`, a multiple of a cache line; 0 if none does.
  static std::size_t largest_lent(std::size_t bytes) noexcept;

  std::size_t slots() const noexcept { return blocks * block_slots; }  // in a direction
  std::size_t channel_bytes() const noexcept;
  // Returns the ring that `writer` writes. The channel's memory must be aligned to two cache lines.
  RingPlace place(Bytes channel, Role writer) const noexcept;
};

// SlotHeader is a slot's first 8 bytes. Its tag is the number of times that the block has been filled, this time
// included. A slot not yet filled again holds one less, fresh memory holds 0. The tag wraps at 2^32.
class SlotHeader {
 public:
  static constexpr std::size_t kMaxLength = (std::size_t{1} << 31) - 1;

  constexpr explicit SlotHeader(std::uint64_t word) noexcept : word_(word) {}
  constexpr SlotHeader(std::uint32_t tag, std::size_t length, bool more) noexcept
      : word_(std::uint64_t{tag} << 32 | std::uint64_t{more} << 31 | length) {}

  constexpr std::uint64_t word() const noexcept { return word_; }
  constexpr bool has(std::uint32_t tag) const noexcept { return word_ >> 32 == tag; }
  constexpr bool more() const noexcept { return (word_ >> 31 & 1) != 0; }  // the message goes on in the next slot
  // Returns whether the message ends in this slot and is at most `size` (<= kMaxLength) bytes long.
  constexpr bool ends_within(std::size_t size) const noexcept { return (word_ & 0xffffffffu) <= size; }
  constexpr std::size_t length() const noexcept { return word_ & kMaxLength; }

 private:
  std::uint64_t word_;
};

namespace detail {

// RingCursor is where one side stands in a ring: at a slot of a block, or at the end of one before it enters the next.
class RingCursor {
 public:
  RingCursor(const RingPlace& ring, const RingShape& shape) noexcept
      : state_(ring.state),
        slots_(ring.slots),
        stride_(shape.stride),
        payload_offset_(shape.payload_offset),
        block_bytes_(shape.block_slots * shape.stride) {}

  RingState& state() const noexcept { return state_; }
  std::uint32_t tag() const noexcept { return tag_; }
  std::byte* payload() const noexcept { return slot_ + payload_offset_; }
  std::uint64_t& header() const noexcept { return *reinterpret_cast<std::uint64_t*>(slot_); }

  bool at_end() const noexcept { return slot_ == end_; }
  void enter(std::size_t block) noexcept {
    slot_ = slots_ + block * block_bytes_;
    end_ = slot_ + block_bytes_;
    tag_ = ++fills_[block];
  }
  void advance() noexcept { slot_ += stride_; }

  // Prefetches the second line of the reader's slot together with the first, so that their misses overlap.
  void prefetch() const noexcept {
    if (stride_ > kCacheLine) __builtin_prefetch(slot_ + kCacheLine);
  }

  // Prefetches the block's lines for the writer before it gets there.
  void own_block() const noexcept {
    for (const std::byte* line = slot_; line < end_; line += kCacheLine) prefetch_for_write(line);
  }

 private:
  RingState& state_;
  std::byte* slot_ = nullptr;
  std::byte* end_ = nullptr;
  std::uint32_t tag_ = 0;
  std::byte* slots_;
  std::size_t stride_;
  std::size_t payload_offset_;
  std::size_t block_bytes_;
  std::array<std::uint32_t, kRingBlocks> fills_{};  // of each block, so far
};

// BlockAccount is the writer's account of the blocks.
class BlockAccount {
 public:
  explicit BlockAccount(const RingShape& shape) noexcept;

  // Reclaims blocks once the reader has given back `consumed` slots; returns whether there is an empty block to take.
  // The block taken last doesn't count, even if it has been read already. Both directions of a conversation then change
  // blocks in step, whoever is faster.
  bool reclaim(std::uint64_t consumed) noexcept;
  // Takes the block emptied last; of large blocks, the one emptied first.
  std::size_t take() noexcept;
  std::uint64_t taken() const noexcept { return taken_; }  // so far
  // Returns whether the writer prefetches a whole block: it holds several messages, and stays in the innermost caches.
  bool asked_for_whole() const noexcept { return !in_a_circle_ && block_slots_ >= kLeastAskedSlots; }

 private:
  std::size_t blocks_;
  std::uint64_t block_slots_;
  bool in_a_circle_;
  std::uint64_t taken_ = 0;
  std::uint64_t reclaimed_ = 0;
  std::size_t empty_;  // blocks on the stack
  std::array<std::uint8_t, kRingBlocks> stack_;
  std::array<std::uint8_t, kRingBlocks> order_;  // the n-th block taken, at n % kRingBlocks
};

}  // namespace detail

// RingWriter is the writing side; one per ring, attached before anything is written. The memory must outlive it. Both
// sides of a ring must use the same policy.
template <WaitPolicy W>
class RingWriter {
 public:
  RingWriter(const RingPlace& ring, const RingShape& shape, W wait) noexcept
      : cursor_(ring, shape), slot_payload_(shape.slot_payload), account_(shape), wait_(wait) {}

  // Sends a message of any size but 0; waits while the ring is full.
  IoStatus send(ConstBytes message) noexcept {
    while (message.size() > slot_payload_) [[unlikely]] {
      send_fragment(message.first(slot_payload_), true);
      message = message.subspan(slot_payload_);
    }
    send_fragment(message, false);
    return IoStatus::ok;
  }

  // Lends the next slot's payload, `size` bytes of it, until publish(). Fails with EMSGSIZE if `size` is more than a
  // slot carries. It lends one slot at a time: called twice, it lends the same bytes.
  Loan loan(std::size_t size) noexcept {
    if (size > slot_payload_) [[unlikely]] {
      errno = EMSGSIZE;
      return {IoStatus::failed, {}};
    }
    wait_for_room();
    return {IoStatus::ok, {cursor_.payload(), size}};
  }
  // Tells the writer that its peer has answered. If that happens within a block the traffic is a conversation, else a
  // stream.
  void answered() noexcept {
    if (!answered_) answered_ = true;  // a store only where it changes something: stores wait for each other
  }

  // Publishes what was lent, or a shorter span with the same beginning.
  IoStatus publish(ConstBytes loaned) noexcept {
    commit(loaned.size(), false);
    return IoStatus::ok;
  }

 private:
  void send_fragment(ConstBytes part, bool more) noexcept {
    wait_for_room();
    copy_out(cursor_.payload(), part.data(), part.size());
    commit(part.size(), more);
  }

  void commit(std::size_t length, bool more) noexcept {
    std::uint64_t& header = cursor_.header();
    const SlotHeader value(cursor_.tag(), length, more);
    cursor_.advance();
    announce(wait_, header, value.word(), cursor_.state().reader);
  }

  void wait_for_room() noexcept {
    if (cursor_.at_end()) [[unlikely]]
      take_block();
  }
  [[gnu::noinline]] void take_block() noexcept {
    RingState& state = cursor_.state();
    ipcbench::wait_until(wait_, state.writer, [&]() noexcept {
      return account_.reclaim(std::atomic_ref(state.consumed).load(std::memory_order_seq_cst));
    });
    const std::uint64_t number = account_.taken();
    const std::size_t block = account_.take();
    cursor_.enter(block);
    // Stores leave a CPU in order, and one to a line that the reader still holds delays the later ones; prefetched
    // lines come side by side. In a conversation the reader polls the slot that it expects. Taking that line away ahead
    // of time would make each round trip longer by a transfer.
    if (!answered_ && account_.asked_for_whole()) cursor_.own_block();
    answered_ = false;
    // This store comes before the header's, which announces both to a reader that sleeps.
    std::atomic_ref(state.order[number % kRingBlocks]).store((number + 1) << 8 | block, std::memory_order_seq_cst);
  }

  detail::RingCursor cursor_;
  std::size_t slot_payload_;
  detail::BlockAccount account_;
  bool answered_ = true;  // since the last block was taken
  [[no_unique_address]] W wait_;
};

// RingReader is the reading side; one per ring. The memory must outlive it.
template <WaitPolicy W>
class RingReader {
 public:
  RingReader(const RingPlace& ring, const RingShape& shape, W wait) noexcept
      : cursor_(ring, shape), block_slots_(shape.block_slots), wait_(wait) {}

  // Receives a message; waits while the ring is empty. A message longer than `in` is cut, and reported with its own
  // size.
  Received receive(Bytes in) noexcept {
    const SlotHeader header = wait_for_message();
    if (!header.ends_within(in.size())) [[unlikely]]
      return receive_slots(header, in);
    const std::size_t size = std::min(header.length(), in.size());  // no more than that, as the compiler sees too
    copy_in(in.data(), cursor_.payload(), size);
    cursor_.advance();
    give_back();
    return {IoStatus::ok, size};
  }

  // Return whether receive() would find a message, and where this side sleeps until it does. Before that it tells the
  // writer what it has read.
  bool has_message() noexcept {
    if (cursor_.at_end()) {
      const std::uint64_t& place = cursor_.state().order[entered_ % kRingBlocks];
      return load(place) >> 8 == entered_ + 1;
    }
    return SlotHeader{load(cursor_.header())}.has(cursor_.tag());
  }
  WaitWord& sleep_word() const noexcept { return cursor_.state().reader; }
  void before_sleep() noexcept {
    if (consumed_ != published_) publish();
  }

  // Returns the next message in place. Several may be held at once, but not all slots.
  View acquire() noexcept {
    const SlotHeader header = wait_for_message();
    const ConstBytes payload(cursor_.payload(), header.length());
    cursor_.advance();
    return {IoStatus::ok, payload};
  }
  // Releases messages in the order of acquire().
  void release(ConstBytes) noexcept { give_back(); }

 private:
  // Receives a message in several slots, or one longer than `in`; `header` is the first slot's.
  [[gnu::noinline]] Received receive_slots(SlotHeader header, Bytes in) noexcept {
    std::size_t size = 0;
    while (true) {
      if (size < in.size()) {
        copy_in(in.data() + size, cursor_.payload(), std::min(header.length(), in.size() - size));
      }
      size += header.length();
      cursor_.advance();
      give_back();
      if (!header.more()) return {IoStatus::ok, size};
      header = wait_for_message();
    }
  }

  SlotHeader wait_for_message() noexcept {
    if (cursor_.at_end()) [[unlikely]]
      enter_block();
    std::uint64_t& word = cursor_.header();
    SlotHeader header{std::atomic_ref(word).load(std::memory_order_acquire)};
    cursor_.prefetch();
    if (header.has(cursor_.tag())) [[likely]]
      return header;
    wait_until([&]() noexcept {
      header = SlotHeader{std::atomic_ref(word).load(std::memory_order_seq_cst)};
      cursor_.prefetch();
      return header.has(cursor_.tag());
    });
    return header;
  }

  [[gnu::noinline]] void enter_block() noexcept {
    std::uint64_t& place = cursor_.state().order[entered_ % kRingBlocks];
    std::uint64_t entry = 0;
    wait_until([&]() noexcept {
      entry = std::atomic_ref(place).load(std::memory_order_seq_cst);
      return entry >> 8 == entered_ + 1;
    });
    ++entered_;
    cursor_.enter(entry & 0xff);
  }

  // Gives back a slot. The writer is told seldom, since each time costs it a miss: after each block, and when the
  // reader has nothing else to do.
  void give_back() noexcept {
    if (++consumed_ == block_end_) [[unlikely]] {
      block_end_ += block_slots_;
      publish();
    }
  }
  static std::uint64_t load(const std::uint64_t& word) noexcept {
    return std::atomic_ref(const_cast<std::uint64_t&>(word)).load(std::memory_order_seq_cst);
  }
  template <class Ready>
  void wait_until(Ready ready) noexcept {
    before_sleep();
    ipcbench::wait_until(wait_, cursor_.state().reader, ready);
  }
  void publish() noexcept {
    published_ = consumed_;
    RingState& state = cursor_.state();
    announce(wait_, state.consumed, published_, state.writer);
  }

  detail::RingCursor cursor_;
  std::uint64_t block_slots_;
  std::uint64_t block_end_ = block_slots_;  // the count at which the next block is empty
  std::uint64_t consumed_ = 0;              // slots given back
  std::uint64_t published_ = 0;             // slots given back that the writer has been told of
  std::uint64_t entered_ = 0;               // blocks
  [[no_unique_address]] W wait_;
};

}  // namespace ipcbench

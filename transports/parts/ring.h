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

// A ring of fixed slots in memory that two processes share: one writer, one reader, messages in order. Each slot starts
// with its own header, which says whether the slot is filled and with what; the reader polls the header of the slot it
// expects, so a short message crosses in one cache line and no shared head index exists. Slots never move, so payload
// never lies where a header is read.
//
// Slots are filled block by block, and of the blocks that the reader has emptied the writer takes the one emptied last.
// So traffic that is read as fast as it is written keeps to two blocks, however large the ring: their lines stay in the
// CPUs' innermost caches, which a lap through 64 KiB would flush. Blocks too large for that are filled in a circle. A
// block is empty when all of its slots have been read: a ring takes as many messages as it has slots, but up to a block
// fewer while one is read in part.
//
// Zeroed memory is an empty ring. Nothing in it is an address.

namespace ipcbench {

// The stride of slots is a multiple of it, but for the shortest messages. 8 would pack messages a little over a line
// (64 B: 72 instead of 128 bytes) more tightly, but then the writer fills the line in which the reader looks for the
// next.
inline constexpr std::size_t kSlotRounding = kCacheLine;

// Bytes of slots in a direction, unless an option says otherwise.
inline constexpr std::size_t kRingCapacity = std::size_t{64} << 10;

inline constexpr std::size_t kRingBlocks = 16;  // at most; fewer where there are fewer slots
// Bytes; two such blocks are half of a usual first-level cache.
inline constexpr std::size_t kLargestHotBlock = std::size_t{8} << 10;

// A block of fewer slots isn't asked for as a whole: its messages are large, and the CPU sees their order itself.
inline constexpr std::size_t kLeastAskedSlots = 4;

// What stands before the slots of a direction.
struct RingState {
  alignas(2 * kCacheLine) std::uint64_t consumed;  // by the reader: slots given back since the ring was made
  // By the writer: where the n-th block filled since the ring was made lies, at n % kRingBlocks: n + 1 in the upper 56
  // bits, so that the reader sees whether it is there yet, and which block it is in the lower 8.
  alignas(2 * kCacheLine) std::array<std::uint64_t, kRingBlocks> order;
  WaitWord reader;
  WaitWord writer;
};

// Where one direction lies in a channel's memory.
struct RingPlace {
  RingState& state;
  std::byte* slots;  // the first one
};

// How the memory of a channel, two rings in opposite directions, is cut. Both sides must use the same values.
//
// Messages up to 24 bytes: the slots of both directions alternate, so that a message and its answer use the same line.
// Who answers has just read the line, and where a read takes a modified line over from the writer's cache (AMD) needn't
// ask for it again: a round trip costs little more than that of a bare line, with lines of their own half as much
// again.
struct RingShape {
  std::size_t blocks = 0;          // in a direction, up to kRingBlocks
  std::size_t block_slots = 0;     // in a block
  std::size_t stride = 0;          // bytes from a slot to the next of its direction
  std::size_t payload_offset = 0;  // bytes from a slot to its payload
  std::size_t slot_payload = 0;    // bytes, the most that one slot carries
  std::size_t opposite = 0;        // bytes from a slot of the producer's ring to that of the consumer's

  // For messages that are copied in and out; those longer than a slot are cut. `capacity` (bytes of slots, > 0) is
  // rounded up to a multiple of 256, there are at least 4 slots.
  static RingShape copying(std::size_t message_size, std::size_t capacity = kRingCapacity,
                           std::size_t rounding = kSlotRounding);
  // For messages built and read in place, each in one slot: up to 56 B beside its header, longer ones on lines of their
  // own, so that payload is aligned to a cache line. At least 64 KiB and 4 slots.
  static RingShape lending(std::size_t message_size);
  // The longest message whose lending channel fits in `bytes`, a multiple of a cache line; 0 if none does.
  static std::size_t largest_lent(std::size_t bytes) noexcept;

  std::size_t slots() const noexcept { return blocks * block_slots; }  // in a direction
  std::size_t channel_bytes() const noexcept;
  // The ring that `writer` writes. The channel's memory is aligned to two cache lines.
  RingPlace place(Bytes channel, Role writer) const noexcept;
};

// A slot's first 8 bytes. The tag says how often the block has been filled, this time included: what a slot still holds
// from the time before is one less, fresh memory holds 0. It wraps at 2^32.
class SlotHeader {
 public:
  static constexpr std::size_t kMaxLength = (std::size_t{1} << 31) - 1;

  constexpr explicit SlotHeader(std::uint64_t word) noexcept : word_(word) {}
  constexpr SlotHeader(std::uint32_t tag, std::size_t length, bool more) noexcept
      : word_(std::uint64_t{tag} << 32 | std::uint64_t{more} << 31 | length) {}

  constexpr std::uint64_t word() const noexcept { return word_; }
  constexpr bool has(std::uint32_t tag) const noexcept { return word_ >> 32 == tag; }
  constexpr bool more() const noexcept { return (word_ >> 31 & 1) != 0; }  // the message goes on in the next slot
  // The message ends in this slot and is at most `size` (<= kMaxLength) bytes long.
  constexpr bool ends_within(std::size_t size) const noexcept { return (word_ & 0xffffffffu) <= size; }
  constexpr std::size_t length() const noexcept { return word_ & kMaxLength; }

 private:
  std::uint64_t word_;
};

namespace detail {

// Where one side stands in a ring: at a slot of a block, or at the end of one, before it has entered the next.
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

  // Fetches the reader's second line of a slot together with the first, so that their misses overlap. Not waited for.
  void prefetch() const noexcept {
    if (stride_ > kCacheLine) __builtin_prefetch(slot_ + kCacheLine);
  }

  // Fetches the block's lines for the writer before it gets there. Not waited for.
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

// The writer's account of the blocks.
class BlockAccount {
 public:
  explicit BlockAccount(const RingShape& shape) noexcept;

  // The reader has given back `consumed` slots. True if there is an empty block to take. The one taken last isn't, even
  // if it has been read already: then both directions of a conversation change blocks in step, whoever is faster.
  bool reclaim(std::uint64_t consumed) noexcept;
  // The block emptied last; of large ones, the one emptied first.
  std::size_t take() noexcept;
  std::uint64_t taken() const noexcept { return taken_; }  // so far
  // A block holds several messages, and stays in the innermost caches.
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

// The writing side; one per ring, attached before anything is written. The memory must outlive it. Both sides of a ring
// use the same policy.
template <WaitPolicy W>
class RingWriter {
 public:
  RingWriter(const RingPlace& ring, const RingShape& shape, W wait) noexcept
      : cursor_(ring, shape), slot_payload_(shape.slot_payload), account_(shape), wait_(wait) {}

  // Any size but 0; waits while the ring is full.
  IoStatus send(ConstBytes message) noexcept {
    while (message.size() > slot_payload_) [[unlikely]] {
        send_fragment(message.first(slot_payload_), true);
        message = message.subspan(slot_payload_);
      }
    send_fragment(message, false);
    return IoStatus::ok;
  }

  // The next slot's payload, `size` bytes of it, until publish(). EMSGSIZE if it is more than a slot carries. One at a
  // time: asked twice, it lends the same bytes.
  Loan loan(std::size_t size) noexcept {
    if (size > slot_payload_) [[unlikely]] {
      errno = EMSGSIZE;
      return {IoStatus::failed, {}};
    }
    wait_for_room();
    return {IoStatus::ok, {cursor_.payload(), size}};
  }
  // Tells the writer that its peer has answered: what is answered within a block is a conversation, the rest a stream.
  void answered() noexcept {
    if (!answered_) answered_ = true;  // a store only where it changes something: stores wait for each other
  }

  // What was lent, or a shorter span with the same beginning.
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
    // Stores leave a CPU in order, and one to a line that the reader still holds keeps the later ones waiting; lines
    // that are asked for ahead come side by side. In a conversation the reader looks at the slot that it expects, and
    // to take that line from it ahead of time makes each round trip longer by a transfer.
    if (!answered_ && account_.asked_for_whole()) cursor_.own_block();
    answered_ = false;
    // Of the stores that a sleeping reader may wait for, this one comes first; the header's announces both.
    std::atomic_ref(state.order[number % kRingBlocks]).store((number + 1) << 8 | block, std::memory_order_seq_cst);
  }

  detail::RingCursor cursor_;
  std::size_t slot_payload_;
  detail::BlockAccount account_;
  bool answered_ = true;  // since the last block was taken
  [[no_unique_address]] W wait_;
};

// The reading side; one per ring. The memory must outlive it.
template <WaitPolicy W>
class RingReader {
 public:
  RingReader(const RingPlace& ring, const RingShape& shape, W wait) noexcept
      : cursor_(ring, shape), block_slots_(shape.block_slots), wait_(wait) {}

  // Waits while the ring is empty. A message longer than `in` is cut, and reported with its own size.
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

  // The next message where it lies. Several may be held at once, but not all slots.
  View acquire() noexcept {
    const SlotHeader header = wait_for_message();
    const ConstBytes payload(cursor_.payload(), header.length());
    cursor_.advance();
    return {IoStatus::ok, payload};
  }
  // In the order of acquire().
  void release(ConstBytes) noexcept { give_back(); }

 private:
  // A message in several slots, or longer than `in`; `header` is the first slot's.
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

  // The writer is told seldom: after each block, and when the reader has nothing else to do. Each telling costs it a
  // miss.
  void give_back() noexcept {
    if (++consumed_ == block_end_) [[unlikely]] {
      block_end_ += block_slots_;
      publish();
    }
  }
  template <class Ready>
  void wait_until(Ready ready) noexcept {
    if (consumed_ != published_) publish();
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

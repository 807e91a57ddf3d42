#pragma once

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "harness/measure/bytes.h"
#include "harness/measure/payload.h"
#include "harness/transport/copy.h"
#include "harness/transport/endpoint.h"
#include "harness/transport/wait_policy.h"

// A ring of fixed slots in memory that two processes share: one writer, one reader, messages in order. Each slot starts
// with its own header, which says whether the slot is filled and with what; the reader polls the header of the slot it
// expects, so a short message crosses in one cache line and no shared head index exists. Slots never move, so payload
// never lies where a header is read.
//
// Zeroed memory is an empty ring. Nothing in it is an address.

namespace ipcbench {

// The stride of slots is a multiple of it, but for the shortest messages. 8 would pack messages a little over a line
// (64 B: 72 instead of 128 bytes) more tightly, but then the writer fills the line in which the reader looks for the
// next.
inline constexpr std::size_t kSlotRounding = kCacheLine;

inline constexpr std::size_t kRingCapacity =
    64 * 1024;  // bytes of slots in a direction, unless an option says otherwise

// What stands before the slots of a direction.
struct RingState {
  alignas(2 * kCacheLine) std::uint64_t consumed;  // by the reader: slots given back since the ring was made
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
  std::size_t slots = 0;           // in a direction
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

  std::size_t channel_bytes() const noexcept;
  // The ring that `writer` writes. The channel's memory is aligned to two cache lines.
  RingPlace place(Bytes channel, Role writer) const noexcept;
};

// A slot's first 8 bytes. The tag is the number of the message slot since the ring was made, plus 1, so the tag that a
// slot held a lap ago differs by the number of slots and fresh memory has none that is expected; it wraps at 2^32.
class SlotHeader {
 public:
  static constexpr std::size_t kMaxLength = (std::size_t{1} << 31) - 1;

  constexpr explicit SlotHeader(std::uint64_t word) noexcept : word_(word) {}
  constexpr SlotHeader(std::uint64_t cursor, std::size_t length, bool more) noexcept
      : word_((cursor + 1) << 32 | std::uint64_t{more} << 31 | length) {}

  constexpr std::uint64_t word() const noexcept { return word_; }
  constexpr bool is_of(std::uint64_t cursor) const noexcept { return word_ >> 32 == ((cursor + 1) & 0xffffffffu); }
  constexpr bool more() const noexcept { return (word_ >> 31 & 1) != 0; }  // the message goes on in the next slot
  constexpr std::size_t length() const noexcept { return word_ & kMaxLength; }

 private:
  std::uint64_t word_;
};

// Makes an idle ring, to which no side is attached, continue as if `cursor` slots (at least its own number) had gone
// through it.
void set_ring_cursor(const RingPlace& ring, const RingShape& shape, std::uint64_t cursor) noexcept;

namespace detail {

// Sleeping without losing a wake-up, and without a system call while nobody sleeps. The waiter sets its flag and then
// looks again; the peer changes what is waited for and then looks at the flag (announce). All four are seq_cst, so they
// have one order: either the waiter's second look comes after the change and it doesn't sleep, or the peer's look comes
// after the flag was set and it wakes. The flag is cleared before the wake, and futex_wait compares it in the kernel: a
// wake between the second look and the sleep makes the sleep return at once.
template <WaitPolicy W, class Ready>
void wait_until(W& wait, WaitWord& word, Ready ready) noexcept {
  while (!ready()) {
    if (wait.spins_before_sleep()) continue;
    if constexpr (W::kSleeps) {
      const std::atomic_ref flag(word.waits);
      flag.store(1, std::memory_order_seq_cst);
      if (!ready()) {
        wait.wait_while_equal(&word.waits, 1);
        flag.store(0, std::memory_order_relaxed);  // after a spurious return nobody has cleared it
      } else if (flag.exchange(0) == 0 && W::kWakeStays) {
        wait.wait_while_equal(&word.waits,
                              1);  // claimed meanwhile: the wake is under way and must not outlive this wait
      }
    }
  }
  wait.awake();
}

template <WaitPolicy W, class T>
void announce(W& wait, T& place, T value, WaitWord& word) noexcept {
  const std::atomic_ref ref(place);
  if constexpr (W::kSleeps) {
    ref.store(value, std::memory_order_seq_cst);
    const std::atomic_ref flag(word.waits);
    if (flag.load(std::memory_order_seq_cst) != 0 && flag.exchange(0) != 0) wait.wake(&word.waits);
  } else {
    ref.store(value, std::memory_order_release);
  }
}

// Where one side stands in a ring.
class RingCursor {
 public:
  RingCursor(const RingPlace& ring, const RingShape& shape) noexcept
      : count_(std::atomic_ref(ring.state.consumed).load(std::memory_order_acquire)),
        state_(ring.state),
        slot_(ring.slots + count_ % shape.slots * shape.stride),
        first_(ring.slots),
        end_(first_ + shape.slots * shape.stride),
        stride_(shape.stride),
        payload_offset_(shape.payload_offset) {}

  RingState& state() const noexcept { return state_; }
  std::uint64_t count() const noexcept { return count_; }  // slots passed so far
  std::byte* payload() const noexcept { return slot_ + payload_offset_; }
  std::uint64_t& header() const noexcept { return *reinterpret_cast<std::uint64_t*>(slot_); }

  // A slot's second line is fetched together with the first, so that their misses overlap. Not waited for.
  void prefetch() const noexcept {
    if (stride_ > kCacheLine) __builtin_prefetch(slot_ + kCacheLine);
  }
  void advance() noexcept {
    ++count_;
    std::byte* const next = slot_ + stride_;
    slot_ = next == end_ ? first_ : next;
  }

 private:
  // What changes with each slot stands between what doesn't: changing neighbours are loaded as one vector, which can't
  // be had from two words just stored until both have left the store buffer. That takes longer than the message.
  std::uint64_t count_;
  RingState& state_;
  std::byte* slot_;
  std::byte* first_;
  std::byte* end_;
  std::size_t stride_;
  std::size_t payload_offset_;
};

}  // namespace detail

// The writing side; one per ring, attached before anything is written. The memory must outlive it. Both sides of a ring
// use the same policy.
template <WaitPolicy W>
class RingWriter {
 public:
  RingWriter(const RingPlace& ring, const RingShape& shape, W wait) noexcept
      : cursor_(ring, shape),
        slots_(shape.slots),
        slot_payload_(shape.slot_payload),
        limit_(cursor_.count() + slots_),
        wait_(wait) {}

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
  // What was lent, or a shorter span with the same beginning.
  IoStatus publish(ConstBytes loaned) noexcept {
    commit(loaned.size(), false);
    return IoStatus::ok;
  }

 private:
  void send_fragment(ConstBytes part, bool more) noexcept {
    wait_for_room();
    copy_bytes(cursor_.payload(), part.data(), part.size());
    commit(part.size(), more);
  }

  void commit(std::size_t length, bool more) noexcept {
    std::uint64_t& header = cursor_.header();
    const SlotHeader value(cursor_.count(), length, more);
    cursor_.advance();
    detail::announce(wait_, header, value.word(), cursor_.state().reader);
  }

  // The reader's count is loaded only when the ring would be full by the last one seen.
  void wait_for_room() noexcept {
    if (cursor_.count() != limit_) [[likely]]
      return;
    RingState& state = cursor_.state();
    detail::wait_until(wait_, state.writer, [&]() noexcept {
      limit_ = std::atomic_ref(state.consumed).load(std::memory_order_seq_cst) + slots_;
      return cursor_.count() != limit_;
    });
  }

  detail::RingCursor cursor_;
  std::uint64_t slots_;
  std::size_t slot_payload_;
  std::uint64_t limit_;  // the count at which the ring is full
  [[no_unique_address]] W wait_;
};

// The reading side; one per ring. The memory must outlive it.
template <WaitPolicy W>
class RingReader {
 public:
  RingReader(const RingPlace& ring, const RingShape& shape, W wait) noexcept
      : cursor_(ring, shape),
        consumed_(cursor_.count()),
        batch_(std::max<std::uint64_t>(1, shape.slots / 8)),
        published_(consumed_),
        wait_(wait) {}

  // Waits while the ring is empty. A message longer than `in` is cut, and reported with its own size.
  Received receive(Bytes in) noexcept {
    std::size_t size = 0;
    while (true) {
      const SlotHeader header = wait_for_message();
      if (size < in.size()) [[likely]] {
        copy_bytes(in.data() + size, cursor_.payload(), std::min(header.length(), in.size() - size));
      }
      size += header.length();
      cursor_.advance();
      give_back();
      if (!header.more()) [[likely]]
        return {IoStatus::ok, size};
    }
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
  SlotHeader wait_for_message() noexcept {
    std::uint64_t& word = cursor_.header();
    cursor_.prefetch();
    SlotHeader header{std::atomic_ref(word).load(std::memory_order_acquire)};
    if (header.is_of(cursor_.count())) [[likely]]
      return header;
    if (consumed_ != published_) publish();
    detail::wait_until(wait_, cursor_.state().reader, [&]() noexcept {
      cursor_.prefetch();
      header = SlotHeader{std::atomic_ref(word).load(std::memory_order_seq_cst)};
      return header.is_of(cursor_.count());
    });
    return header;
  }

  // The writer is told seldom: in batches, and when the reader has nothing else to do. Each telling costs it a miss.
  void give_back() noexcept {
    ++consumed_;
    if (consumed_ - published_ >= batch_) [[unlikely]]
      publish();
  }
  void publish() noexcept {
    published_ = consumed_;
    RingState& state = cursor_.state();
    detail::announce(wait_, state.consumed, published_, state.writer);
  }

  detail::RingCursor cursor_;
  std::uint64_t consumed_;  // slots given back
  std::uint64_t batch_;
  std::uint64_t published_;  // slots given back that the writer has been told of
  [[no_unique_address]] W wait_;
};

}  // namespace ipcbench

#pragma once

#include <cstdint>
#include <utility>

#include "harness/memory/mapping.h"
#include "transports/parts/ring.h"

namespace ipcbench {

// RingForm says whether messages are copied in and out, or built and read in place.
enum class RingForm : std::uint8_t { copying, lending };

namespace detail {

// RingPair holds both ends of one side of a channel, and its mapping of the channel's memory.
template <WaitPolicy W>
struct RingPair {
  RingPair(Mapping memory, const RingShape& shape, Role role, W out_wait, W in_wait) noexcept
      : channel(std::move(memory)),
        out(shape.place({channel.data(), channel.size()}, role), shape, out_wait),
        in(shape.place({channel.data(), channel.size()}, other(role)), shape, in_wait) {}

  Mapping channel;
  RingWriter<W> out;
  RingReader<W> in;
};

// Whether who waits by the policy sleeps on the word itself.
template <WaitPolicy W>
inline constexpr bool kSleepsOnWord = std::same_as<W, FutexWait> || std::same_as<W, HybridWait>;

}  // namespace detail

// RingEndpoint is one side of a channel of two rings, which copies messages in and out. It owns its mapping of the
// channel's memory, of at least shape.channel_bytes(). It takes a policy for each direction.
template <WaitPolicy W>
class RingEndpoint {
 public:
  RingEndpoint(Mapping channel, const RingShape& shape, Role role, W out_wait, W in_wait) noexcept
      : rings_(std::move(channel), shape, role, out_wait, in_wait) {}

  IoStatus send(ConstBytes message) noexcept { return rings_.out.send(message); }
  Received receive(Bytes in) noexcept {
    rings_.out.answered();
    return rings_.in.receive(in);
  }

  bool has_message() noexcept { return rings_.in.has_message(); }
  // Returns null where the peer wakes by other means than a futex.
  WaitWord* sleep_word() noexcept { return detail::kSleepsOnWord<W> ? &rings_.in.sleep_word() : nullptr; }
  void before_sleep() noexcept { rings_.in.before_sleep(); }

 private:
  detail::RingPair<W> rings_;
};

// RingLoanEndpoint is the same without copies, for RingShape::lending().
template <WaitPolicy W>
class RingLoanEndpoint {
 public:
  RingLoanEndpoint(Mapping channel, const RingShape& shape, Role role, W out_wait, W in_wait) noexcept
      : rings_(std::move(channel), shape, role, out_wait, in_wait) {}

  Loan loan(std::size_t size) noexcept { return rings_.out.loan(size); }
  IoStatus publish(ConstBytes loaned) noexcept { return rings_.out.publish(loaned); }
  View acquire() noexcept {
    rings_.out.answered();
    return rings_.in.acquire();
  }
  void release(ConstBytes view) noexcept { rings_.in.release(view); }
  bool has_message() noexcept { return rings_.in.has_message(); }
  WaitWord* sleep_word() noexcept { return detail::kSleepsOnWord<W> ? &rings_.in.sleep_word() : nullptr; }
  void before_sleep() noexcept { rings_.in.before_sleep(); }

 private:
  detail::RingPair<W> rings_;
};

}  // namespace ipcbench

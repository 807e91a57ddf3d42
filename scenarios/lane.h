#pragma once

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "harness/measure/payload.h"
#include "harness/measure/run_log.h"
#include "harness/memory/mapping.h"
#include "harness/sdk/endpoint.h"

// A lane is what one side of a loop sees of an endpoint, whatever its concept. put() writes the next message's payload
// and sends it; take() receives the next message and checks it. If either returns false the launch is over, and the
// side's log says why.

// A measured loop is a function of its own with all of its lane inlined, because calls push, and pushes are stores.
// Stores leave the store buffer in order: a few more per message, behind those to lines that the peer still holds,
// delay the next message.
#define IPCBENCH_LOOP [[gnu::noinline, gnu::flatten]]

namespace ipcbench {

template <class L>
concept Lane = requires(L p) {
  { p.put() } noexcept -> std::same_as<bool>;
  { p.take() } noexcept -> std::same_as<bool>;
};

// Ends a side's loop at message `sequence`. Returns false, so that a loop can return it.
inline bool end_side(SideLog& side, Failure failure, std::uint64_t sequence) noexcept {
  side.failed_sequence = sequence;
  std::atomic_ref(side.failure).store(failure, std::memory_order_release);
  return false;
}
// Ends a side's loop after a call on the endpoint that did not return IoStatus::ok; errno is its error.
inline bool end_side(SideLog& side, IoStatus status, std::uint64_t sequence) noexcept {
  side.error_number = errno;
  return end_side(side,
                  status == IoStatus::peer_closed ? Failure::peer_closed
                  : status == IoStatus::timed_out ? Failure::timed_out
                                                  : Failure::io_error,
                  sequence);
}

// Holds everything of a lane that doesn't depend on its endpoint.
class LaneBase {
 public:
  LaneBase(Role role, const LoopSpec& spec, RunLog& log) noexcept
      : mine_(spec.payload, spec.seed, role), theirs_(spec.payload, spec.seed, other(role)), side_(log.side(role)) {
    set_sizes(spec.size_from(role), spec.size_from(other(role)));
  }

  std::uint64_t taken() const noexcept { return taken_; }
  // Announces that the next `ops` messages come without being asked for.
  void expect_stream(std::uint64_t ops) noexcept { stream_end_ = taken_ + ops; }
  // Sets the size of both sides' messages from now on, up to LoopSpec::message_size.
  void resize(std::size_t size) noexcept { set_sizes(size, size); }

 protected:
  void write(Bytes message) noexcept { Payload::write_words(message.data(), out_words_, put_word_); }
  bool sent() noexcept {
    put_word_ = mine_.first_word(++put_);
    return true;
  }
  // Counts `message` if it is the expected one. If it is a later one, `fetch` gets the message after it, which tells
  // whether the expected one is lost or late.
  template <class Fetch>
  bool verify(ConstBytes message, Fetch fetch) noexcept {
    if (Payload::check_words(message.data(), in_words_, taken_word_)) [[likely]]
      return accept();
    const std::uint64_t missing = taken_;
    if (reject(message) == Failure::lost && stream_end_ > found_ + 1) {
      // The next message tells a lost one from a late one, since the sender goes on.
      ConstBytes next;
      const bool late = fetch(next) && theirs_.check(next, missing);
      fail(late ? Failure::reordered : Failure::lost, missing);
    }
    return false;
  }
  bool accept() noexcept {
    taken_word_ = theirs_.first_word(++taken_);
    // One relaxed store to a line of this side alone: the watchdog reads how far a dead or stuck side came.
    std::atomic_ref(side_.progress).store(taken_, std::memory_order_relaxed);
    return true;
  }
  bool fail(Failure failure, std::uint64_t sequence) noexcept { return end_side(side_, failure, sequence); }
  bool fail(IoStatus status, std::uint64_t sequence) noexcept { return end_side(side_, status, sequence); }
  bool fail_size(std::size_t size) noexcept {
    side_.failed_size = size;
    return fail(size < in_size_ ? Failure::truncated : Failure::corrupted, taken_);
  }

  std::size_t out_size_ = 0;  // of the messages that this side sends
  std::size_t in_size_ = 0;   // of those that it receives
  Payload mine_;
  Payload theirs_;
  Payload::Words out_words_;  // of a message of that size
  Payload::Words in_words_;
  SideLog& side_;
  std::uint64_t put_ = 0;    // sequence of the next message to send
  std::uint64_t taken_ = 0;  // sequence of the next message expected
  // The first words of both, computed when the message before has gone or come, while the other side is at work.
  std::uint64_t put_word_ = mine_.first_word(0);
  std::uint64_t taken_word_ = theirs_.first_word(0);

 private:
  void set_sizes(std::size_t out, std::size_t in) noexcept {
    out_size_ = out;
    in_size_ = in;
    out_words_ = mine_.words_in(out);
    in_words_ = theirs_.words_in(in);
  }
  // Finds out which message `message` is instead of message `taken_`, and records it; found_ is the later one that it
  // is.
  Failure reject(ConstBytes message) noexcept;

  std::uint64_t stream_end_ = 0;  // sequence of the first message that the sender keeps back; 0: each is an answer
  std::uint64_t found_ = 0;
};

// Buffers holds the two buffers of a lane that copies: separate, page-aligned, and faulted in before anything is
// measured.
class Buffers {
 public:
  explicit Buffers(std::size_t size) : out_(Mapping::private_anonymous(size)), in_(Mapping::private_anonymous(size)) {}
  std::byte* out() const noexcept { return out_.data(); }
  std::byte* in() const noexcept { return in_.data(); }

 private:
  Mapping out_;
  Mapping in_;
};

template <ByteStream E>
class StreamLane : public LaneBase {
 public:
  StreamLane(E& endpoint, Role role, const LoopSpec& spec, RunLog& log)
      : LaneBase(role, spec, log), endpoint_(endpoint), buffers_(spec.largest()) {}

  bool put() noexcept {
    const Bytes message(buffers_.out(), out_size_);
    write(message);
    for (std::size_t done = 0; done < out_size_;) {
      const std::ptrdiff_t n = endpoint_.write_some(message.subspan(done));
      if (n <= 0) [[unlikely]]
        return broke(n, put_);
      done += static_cast<std::size_t>(n);
    }
    return sent();
  }

  bool take() noexcept {
    ConstBytes message;
    return fetch(message) && verify(message, [this](ConstBytes& next) noexcept { return fetch(next); });
  }

 private:
  bool fetch(ConstBytes& message) noexcept {
    const Bytes buffer(buffers_.in(), in_size_);
    for (std::size_t done = 0; done < in_size_;) {
      const std::ptrdiff_t n = endpoint_.read_some(buffer.subspan(done));
      if (n <= 0) [[unlikely]]
        return broke(n, taken_);
      done += static_cast<std::size_t>(n);
    }
    message = buffer;
    return true;
  }

  bool broke(std::ptrdiff_t result, std::uint64_t sequence) noexcept {
    errno = static_cast<int>(-result);
    return fail(result == 0 ? IoStatus::peer_closed : IoStatus::failed, sequence);
  }

  E& endpoint_;
  Buffers buffers_;
};

template <MessageEndpoint E>
class MessageLane : public LaneBase {
 public:
  MessageLane(E& endpoint, Role role, const LoopSpec& spec, RunLog& log)
      : LaneBase(role, spec, log), endpoint_(endpoint), buffers_(spec.largest()), capacity_(spec.largest()) {}

  bool put() noexcept {
    const Bytes message(buffers_.out(), out_size_);
    write(message);
    const IoStatus status = endpoint_.send(message);
    if (status != IoStatus::ok) [[unlikely]]
      return fail(status, put_);
    return sent();
  }

  bool take() noexcept {
    ConstBytes message;
    return fetch(message) && verify(message, [this](ConstBytes& next) noexcept { return fetch(next); });
  }

 private:
  bool fetch(ConstBytes& message) noexcept {
    Received received = endpoint_.receive({buffers_.in(), capacity_});
    if constexpr (LossyEndpoint<E>) {
      // A lost message can't be told from a late sender here; the coordinator's deadline ends the launch if none comes.
      while (received.status == IoStatus::timed_out) received = endpoint_.receive({buffers_.in(), capacity_});
    }
    if (received.status != IoStatus::ok) [[unlikely]]
      return fail(received.status, taken_);
    if (received.size != in_size_) [[unlikely]]
      return fail_size(received.size);
    message = {buffers_.in(), in_size_};
    return true;
  }

  E& endpoint_;
  Buffers buffers_;
  std::size_t capacity_;
};

template <LoanEndpoint E>
class LoanLane : public LaneBase {
 public:
  LoanLane(E& endpoint, Role role, const LoopSpec& spec, RunLog& log)
      : LaneBase(role, spec, log), endpoint_(endpoint) {}

  bool put() noexcept {
    const Loan loan = endpoint_.loan(out_size_);
    if (loan.status != IoStatus::ok) [[unlikely]]
      return fail(loan.status, put_);
    write(loan.bytes);
    const IoStatus status = endpoint_.publish(loan.bytes);
    if (status != IoStatus::ok) [[unlikely]]
      return fail(status, put_);
    return sent();
  }

  bool take() noexcept {
    ConstBytes view;
    if (!fetch(view)) [[unlikely]]
      return false;
    const bool good = verify(view, [this, view](ConstBytes& next) noexcept {
      endpoint_.release(view);
      return fetch(next);
    });
    endpoint_.release(view);
    return good;
  }

 private:
  bool fetch(ConstBytes& bytes) noexcept {
    const View view = endpoint_.acquire();
    if (view.status != IoStatus::ok) [[unlikely]]
      return fail(view.status, taken_);
    if (view.bytes.size() != in_size_) [[unlikely]]
      return fail_size(view.bytes.size());
    bytes = view.bytes;
    return true;
  }

  E& endpoint_;
};

// Sends and takes notifications. There is nothing to check but that each await() takes exactly one.
template <NotifyEndpoint E>
class NotifyLane : public LaneBase {
 public:
  NotifyLane(E& endpoint, Role role, const LoopSpec& spec, RunLog& log) noexcept
      : LaneBase(role, spec, log), endpoint_(endpoint) {}

  bool put() noexcept {
    const IoStatus status = endpoint_.notify();
    if (status != IoStatus::ok) [[unlikely]]
      return fail(status, put_);
    return sent();
  }

  bool take() noexcept {
    const Awaited awaited = endpoint_.await();
    if (awaited.status != IoStatus::ok) [[unlikely]]
      return fail(awaited.status, taken_);
    if (awaited.count != 1) [[unlikely]]
      return fail(Failure::wrong_count, taken_);
    return accept();
  }

 private:
  E& endpoint_;
};

namespace detail {
template <class E>
struct LaneOf;
template <ByteStream E>
struct LaneOf<E> : std::type_identity<StreamLane<E>> {};
template <MessageEndpoint E>
struct LaneOf<E> : std::type_identity<MessageLane<E>> {};
template <LoanEndpoint E>
struct LaneOf<E> : std::type_identity<LoanLane<E>> {};
template <NotifyEndpoint E>
struct LaneOf<E> : std::type_identity<NotifyLane<E>> {};
}  // namespace detail

template <AnyEndpoint E>
using LaneFor = typename detail::LaneOf<E>::type;

}  // namespace ipcbench

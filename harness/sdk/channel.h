#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "harness/sdk/endpoint.h"
#include "harness/sdk/wait_policy.h"

// A Channel is an open side of a session as a table of functions. What has many seats runs over it: a call of the table
// costs an indirect call a message, and keeps such loops out of each transport's translation unit.

namespace ipcbench {

// ChannelOps are the functions of one kind of endpoint. Those that it lacks are null. `self` is Channel::self.
struct ChannelOps {
  // Messages that are copied. A stream sends and receives whole messages: receive() fills the buffer.
  IoStatus (*send)(void* self, ConstBytes message) noexcept = nullptr;
  Received (*receive)(void* self, Bytes buffer) noexcept = nullptr;
  // Messages that are built and read in place, as LoanEndpoint has them.
  Loan (*loan)(void* self, std::size_t size) noexcept = nullptr;
  IoStatus (*publish)(void* self, Bytes loaned) noexcept = nullptr;
  View (*acquire)(void* self) noexcept = nullptr;
  void (*release)(void* self, ConstBytes view) noexcept = nullptr;
  // Notifications.
  IoStatus (*notify)(void* self) noexcept = nullptr;
  Awaited (*await)(void* self) noexcept = nullptr;

  // A lock, as LockEndpoint has it.
  IoStatus (*lock)(void* self) noexcept = nullptr;
  IoStatus (*unlock)(void* self) noexcept = nullptr;

  // By which a seat waits for several channels: a descriptor that becomes readable, or a word that it can sleep on.
  int (*watched)(const void* self) noexcept = nullptr;
  bool (*has_message)(void* self) noexcept = nullptr;      // whether a receive would return at once
  WaitWord* (*sleep_word)(void* self) noexcept = nullptr;  // returns null if its peer wakes by other means
  void (*before_sleep)(void* self) noexcept = nullptr;     // to be called before the word is slept on

  bool may_lose = false;  // messages: as LossyEndpoint
};

// A Channel refers to its endpoint, which must outlive it.
struct Channel {
  const ChannelOps* ops = nullptr;
  void* self = nullptr;
};

// A WatchableEndpoint receives from a descriptor that epoll can watch.
template <class E>
concept WatchableEndpoint = requires(const E e) {
  { e.watched() } noexcept -> std::same_as<int>;
};

// A SleepableEndpoint receives from memory, and its reader sleeps on a word there.
template <class E>
concept SleepableEndpoint = requires(E e) {
  { e.has_message() } noexcept -> std::same_as<bool>;
  { e.sleep_word() } noexcept -> std::same_as<WaitWord*>;
  { e.before_sleep() } noexcept;
};

namespace detail {

// Sends or receives all of a message over a stream, `move_some` of it at a time.
template <class MoveSome>
IoStatus move_all(std::size_t size, MoveSome move_some) noexcept {
  for (std::size_t done = 0; done < size;) {
    const std::ptrdiff_t n = move_some(done);
    if (n <= 0) [[unlikely]] {
      errno = static_cast<int>(-n);
      return n == 0 ? IoStatus::peer_closed : IoStatus::failed;
    }
    done += static_cast<std::size_t>(n);
  }
  return IoStatus::ok;
}

template <AnyEndpoint E>
E& of(void* self) noexcept {
  return *static_cast<E*>(self);
}

template <AnyEndpoint E>
constexpr ChannelOps channel_ops() noexcept {
  ChannelOps ops;
  if constexpr (ByteStream<E>) {
    ops.send = [](void* self, ConstBytes message) noexcept {
      return move_all(message.size(),
                      [&](std::size_t done) noexcept { return of<E>(self).write_some(message.subspan(done)); });
    };
    ops.receive = [](void* self, Bytes buffer) noexcept {
      const IoStatus status = move_all(
          buffer.size(), [&](std::size_t done) noexcept { return of<E>(self).read_some(buffer.subspan(done)); });
      return Received{status, buffer.size()};
    };
  } else if constexpr (MessageEndpoint<E>) {
    ops.send = [](void* self, ConstBytes message) noexcept { return of<E>(self).send(message); };
    ops.receive = [](void* self, Bytes buffer) noexcept { return of<E>(self).receive(buffer); };
    ops.may_lose = LossyEndpoint<E>;
  } else if constexpr (LoanEndpoint<E>) {
    ops.loan = [](void* self, std::size_t size) noexcept { return of<E>(self).loan(size); };
    ops.publish = [](void* self, Bytes loaned) noexcept { return of<E>(self).publish(loaned); };
    ops.acquire = [](void* self) noexcept { return of<E>(self).acquire(); };
    ops.release = [](void* self, ConstBytes view) noexcept { of<E>(self).release(view); };
  } else {
    ops.notify = [](void* self) noexcept { return of<E>(self).notify(); };
    ops.await = [](void* self) noexcept { return of<E>(self).await(); };
  }
  if constexpr (WatchableEndpoint<E>) {
    ops.watched = [](const void* self) noexcept { return static_cast<const E*>(self)->watched(); };
  }
  if constexpr (SleepableEndpoint<E>) {
    ops.has_message = [](void* self) noexcept { return of<E>(self).has_message(); };
    ops.sleep_word = [](void* self) noexcept { return of<E>(self).sleep_word(); };
    ops.before_sleep = [](void* self) noexcept { of<E>(self).before_sleep(); };
  }
  return ops;
}

}  // namespace detail

// The table of an endpoint's kind.
template <AnyEndpoint E>
inline constexpr ChannelOps kChannelOps = detail::channel_ops<E>();

}  // namespace ipcbench

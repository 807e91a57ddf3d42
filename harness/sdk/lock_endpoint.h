#pragma once

#include <concepts>
#include <memory>
#include <stdexcept>
#include <utility>

#include "harness/sdk/channel.h"

namespace ipcbench {

// A LockEndpoint is a lock that several processes take in turn. lock() returns when this process has it, and
// peer_closed if its holder has died; unlock() gives it back.
template <class E>
concept LockEndpoint = requires(E e) {
  { e.lock() } noexcept -> std::same_as<IoStatus>;
  { e.unlock() } noexcept -> std::same_as<IoStatus>;
};

template <LockEndpoint E>
inline constexpr ChannelOps kLockOps = {
    .lock = [](void* self) noexcept { return static_cast<E*>(self)->lock(); },
    .unlock = [](void* self) noexcept { return static_cast<E*>(self)->unlock(); },
};

// BoundLock is a lock as an Endpoint. It has nothing but a channel, since no pair takes a lock.
template <LockEndpoint E>
class BoundLock final : public Endpoint {
 public:
  template <class... Args>
  explicit BoundLock(Args&&... args) : lock_(std::forward<Args>(args)...) {}

  void run(Role, const LoopSpec&, RunLog&) override { throw std::logic_error("a lock has turns, not messages"); }
  Channel channel(Role, const LoopSpec&) noexcept override { return {.ops = &kLockOps<E>, .self = &lock_}; }

 private:
  E lock_;
};

// Constructs E from `args`, ready to be taken.
template <LockEndpoint E, class... Args>
std::unique_ptr<Endpoint> bind_lock(Args&&... args) {
  return std::make_unique<BoundLock<E>>(std::forward<Args>(args)...);
}

}  // namespace ipcbench

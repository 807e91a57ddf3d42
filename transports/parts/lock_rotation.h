#pragma once

#include <concepts>
#include <cstddef>
#include <utility>

#include "harness/base/error.h"
#include "harness/sdk/endpoint.h"
#include "harness/sdk/rendezvous.h"

namespace ipcbench {

inline constexpr std::size_t kRotatingLocks = 3;

// A LockTriple is three locks, each held by one process at most. lock() returns peer_closed if the lock's holder has
// died.
template <class L>
concept LockTriple = std::move_constructible<L> && requires(L locks, std::size_t which) {
  { locks.lock(which) } noexcept -> std::same_as<IoStatus>;
  { locks.unlock(which) } noexcept -> std::same_as<IoStatus>;
};

// SoleLock is the first of three as a lock that many take.
template <LockTriple L>
class SoleLock {
 public:
  explicit SoleLock(L locks) noexcept : locks_(std::move(locks)) {}
  IoStatus lock() noexcept { return locks_.lock(0); }
  IoStatus unlock() noexcept { return locks_.unlock(0); }

 private:
  L locks_;
};

// LockRotation makes notifications of locks. With one lock, its releaser could take it back before its peer has woken,
// so three rotate. The side that runs holds two; the side that waits holds one and waits for the older one of the
// runner's. Releasing that one hands over the turn, and the releaser then waits for the lock that the other has held
// all along.
//
//   lock        0  1  2
//   at first    P  P  C     the producer runs, the consumer waits for 0
//   P notifies  C  P  C     the producer waits for 2
//   C notifies  C  P  P     the consumer waits for 1
template <LockTriple L>
class LockRotation {
 public:
  LockRotation(L locks, Role role) noexcept
      : locks_(std::move(locks)), release_(starts_waiting(role) ? 2 : 0), await_(starts_waiting(role) ? 0 : 2) {}

  // Takes the locks that this side holds at first, and returns when the other side has, too. Throws std::system_error.
  static void take_first(L& locks, Seat seat, const Rendezvous& rendezvous) {
    for (std::size_t which = 0; which < kRotatingLocks; ++which) {
      const bool mine = (which == 2) == starts_waiting(seat.role);
      if (mine && locks.lock(which) != IoStatus::ok) throw_errno("lock {}", which);
    }
    rendezvous.publish(seat, "");
    rendezvous.await(peer_of(seat));
  }

  IoStatus notify() noexcept {
    const IoStatus status = locks_.unlock(release_);
    release_ = (release_ + 1) % kRotatingLocks;
    return status;
  }
  Awaited await() noexcept {
    const IoStatus status = locks_.lock(await_);
    await_ = (await_ + 1) % kRotatingLocks;
    return {status, 1};
  }

 private:
  static constexpr bool starts_waiting(Role role) noexcept { return role == Role::consumer; }

  L locks_;
  std::size_t release_;  // the lock to release next
  std::size_t await_;    // the lock to wait for next
};

}  // namespace ipcbench

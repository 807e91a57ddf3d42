#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <initializer_list>
#include <string>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/sdk/transport.h"

// This is what the transports over signals share, signal(7).

namespace ipcbench {

// SignalSession owns nothing: a side is found by the id of its process.
class SignalSession final : public Session {
 public:
  Ticket ticket(Seat) override { return {}; }
};

// Returns the standard signal that notifies the side `to`.
constexpr int notifying_signal(Role to) noexcept { return to == Role::consumer ? SIGUSR1 : SIGUSR2; }

inline sigset_t signal_set(std::initializer_list<int> signals) noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

// Blocks the signals, so that they stay pending until the process asks for them; before that, one would kill it.
// Returns the set. Throws std::system_error.
inline sigset_t block_signals(const sigset_t& set) {
  if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) throw_errno("sigprocmask SIG_BLOCK");
  return set;
}

// Tells the peer the id of this process and returns the peer's. From then on the peer may send signals, so they must be
// blocked before. A consumer that many producers signal has no peer, and gets its own id.
inline pid_t exchange_ids(const SeatConfig& config) {
  config.rendezvous.publish(config.seat, fmt::format("{}", ::getpid()));
  if (config.pattern.is_pair()) return std::stoi(config.rendezvous.await(peer_of(config.seat)));
  if (config.seat.role == Role::consumer) return ::getpid();
  return std::stoi(config.rendezvous.await({.role = Role::consumer, .index = 0}));
}

// SignalPeer is the other process and the standard signal that it waits for. Its death is seen once it has been reaped.
class SignalPeer {
 public:
  SignalPeer(pid_t pid, Role role) noexcept : pid_(pid), signal_(notifying_signal(role)) {}

  IoStatus notify() noexcept {
    if (::kill(pid_, signal_) == 0) [[likely]]
      return IoStatus::ok;
    return errno == ESRCH ? IoStatus::peer_closed : IoStatus::failed;
  }

 private:
  pid_t pid_;
  int signal_;
};

}  // namespace ipcbench

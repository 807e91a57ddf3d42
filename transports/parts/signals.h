#pragma once

#include <sys/types.h>

#include <cerrno>
#include <csignal>
#include <initializer_list>

#include "harness/base/error.h"
#include "harness/measure/payload.h"
#include "harness/sdk/endpoint.h"

// This is what the transports over signals share, signal(7).

namespace ipcbench {

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

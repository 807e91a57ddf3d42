#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/base/unique_fd.h"
#include "harness/ipc/sysv_sem.h"
#include "harness/sdk/endpoint.h"
#include "harness/sdk/ticket.h"
#include "transports/parts/wake_policies.h"

namespace ipcbench {

// Wake is what wakes a side that blocks: the values of the rings' option `wake`.
enum class Wake : std::uint8_t { futex, posix_sem, sysv_sem, eventfd, pipe, mutex_cond };
inline constexpr std::array<std::string_view, 6> kWakeNames = {"futex",   "posix-sem", "sysv-sem",
                                                               "eventfd", "pipe",      "mutex-cond"};
// Returns the value of that name. Throws std::out_of_range for any other; options are checked before.
Wake parse_wake(std::string_view name);

// WakeObjects owns the kernel objects for a channel's wake-ups. There is one for each place where a side sleeps: a
// reader and a writer in each of two directions. Policies that sleep on the channel's own memory have none.
class WakeObjects {
 public:
  // Throws std::system_error.
  WakeObjects(Wake wake, RunDir& run_dir);

  // Adds to a ticket what SeatWakes needs. Throws std::system_error.
  void add_to(Ticket& ticket) const;
  // Closes the coordinator's descriptors.
  void remove() noexcept;

 private:
  std::array<UniqueFd, kSleepers> in_, out_;  // of a pipe, by sleeper; an eventfd is in in_
  std::optional<SysvSem> semaphores_;
};

// SeatWakes is what one seat has of a channel's WakeObjects. Both ends of a pipe are open on both sides: the death of
// the peer shows as with any other wake, by silence.
class SeatWakes {
 public:
  // Throws std::system_error.
  SeatWakes(Wake wake, Ticket& ticket);

  Wake wake() const noexcept { return wake_; }
  // Returns how `self` waits in the direction that `writer` writes; W is the policy of wake(). It uses the descriptors
  // of this object, which must outlive it.
  template <WaitPolicy W>
  W policy(Role, Role) const {
    return W{};
  }

 private:
  Wake wake_;
  std::array<UniqueFd, kSleepers> in_, out_;
  int set_ = -1;
};

template <>
SysvSemWait SeatWakes::policy(Role writer, Role self) const;
template <>
EventfdWait SeatWakes::policy(Role writer, Role self) const;
template <>
PipeWait SeatWakes::policy(Role writer, Role self) const;

}  // namespace ipcbench

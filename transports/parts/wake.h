#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/base/unique_fd.h"
#include "harness/ipc/sysv_sem.h"
#include "harness/sdk/endpoint.h"
#include "transports/parts/wake_policies.h"

namespace ipcbench {

// Wake is what wakes a side that blocks: the values of the rings' option `wake`.
enum class Wake : std::uint8_t { futex, posix_sem, sysv_sem, eventfd, pipe, mutex_cond };
inline constexpr std::array<std::string_view, 6> kWakeNames = {"futex",   "posix-sem", "sysv-sem",
                                                               "eventfd", "pipe",      "mutex-cond"};
// Returns the value of that name. Throws std::out_of_range for any other; options are checked before.
Wake parse_wake(std::string_view name);

// WakeObjects owns the kernel objects for a channel's wake-ups. There is one for each place where a side sleeps: a
// reader and a writer in each of two directions. The coordinator makes them before the fork. Policies that sleep on the
// channel's own memory have none.
class WakeObjects {
 public:
  // Throws std::system_error.
  WakeObjects(Wake wake, RunDir& run_dir);

  Wake wake() const noexcept { return wake_; }
  // Returns how `self` waits in the direction that `writer` writes; W is the policy of wake(). To be called in a
  // worker. Throws std::system_error.
  template <WaitPolicy W>
  W policy(Role, Role) const {
    return W{};
  }
  // Closes the coordinator's descriptors when both sides have their policies.
  void remove() noexcept;

 private:
  Wake wake_;
  std::array<UniqueFd, kSleepers> in_, out_;  // of a pipe, by sleeper; an eventfd is in in_
  std::optional<SysvSem> semaphores_;
};

template <>
SysvSemWait WakeObjects::policy(Role writer, Role self) const;
template <>
EventfdWait WakeObjects::policy(Role writer, Role self) const;
template <>
PipeWait WakeObjects::policy(Role writer, Role self) const;

}  // namespace ipcbench

#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "harness/measure/payload.h"
#include "harness/memory/futex.h"
#include "harness/memory/mapping.h"

namespace ipcbench {

// Makes the two sides of a session wait for each other inside Session::open(), where either may arrive first. It is
// anonymous shared memory made before the fork; it is no part of the channel, and nobody keeps it.
class RendezvousPlace {
 public:
  // Releases the coordinator's mapping once the two sides have met.
  void leave() noexcept { memory_ = Mapping(); }

  // Returns the peer's pid once the peer has called it too; what the peer did before is then visible. Each side calls
  // it once. It sleeps; if the peer never comes, the coordinator ends the launch.
  pid_t meet(Role role) noexcept {
    std::uint32_t& mine = pid_of(role);
    std::uint32_t& theirs = pid_of(other(role));
    std::atomic_ref(mine).store(static_cast<std::uint32_t>(::getpid()), std::memory_order_release);
    futex_wake(&mine);
    std::uint32_t pid = 0;
    while ((pid = std::atomic_ref(theirs).load(std::memory_order_acquire)) == 0) futex_wait(&theirs, 0);
    leave();
    return static_cast<pid_t>(pid);
  }

 private:
  using Pids = std::array<std::uint32_t, 2>;  // by Role; 0: has not come yet

  std::uint32_t& pid_of(Role role) const noexcept {
    return (*reinterpret_cast<Pids*>(memory_.data()))[static_cast<std::size_t>(role)];
  }

  Mapping memory_ = Mapping::shared_anonymous(sizeof(Pids));
};

}  // namespace ipcbench

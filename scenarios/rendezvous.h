#pragma once

#include <atomic>
#include <cstdint>

#include "harness/measure/run_log.h"
#include "harness/memory/futex.h"

namespace ipcbench {

// Returns when both sides have called it equally often. It sleeps, and so is never called inside a measured block.
inline void meet(RunLog& log, Role role) noexcept {
  std::uint32_t& mine = log.rendezvous(role);
  std::uint32_t& theirs = log.rendezvous(other(role));
  const std::uint32_t number = std::atomic_ref(mine).fetch_add(1) + 1;
  futex_wake(&mine);
  for (std::uint32_t seen = 0; (seen = std::atomic_ref(theirs).load()) < number;) futex_wait(&theirs, seen);
}

}  // namespace ipcbench

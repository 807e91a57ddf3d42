#pragma once

#include <sys/types.h>

#include "harness/os/sysv_key.h"

namespace ipcbench {

// A set of System V semaphores that this process has made, all 0, semget(2). Removed when the owner goes; a copy
// inherited by a forked child removes nothing.
class SysvSemaphores {
 public:
  // Throws std::system_error.
  SysvSemaphores(RunDir& run_dir, int count);
  SysvSemaphores(const SysvSemaphores&) = delete;
  SysvSemaphores& operator=(const SysvSemaphores&) = delete;
  ~SysvSemaphores();

  // The set's id, found by key, as an unrelated process would. Throws std::system_error.
  int attach() const;

 private:
  KeyedObject object_;
  pid_t owner_;
};

}  // namespace ipcbench

#pragma once

#include <string>

#include "harness/base/process_owned.h"
#include "harness/ipc/sysv_key.h"

namespace ipcbench {

// A set of System V semaphores that this process has made, semget(2). It goes for everybody when its owner goes,
// whoever sleeps on it then wakes with EIDRM; a copy inherited by a forked child removes nothing.
class SysvSem {
 public:
  // Makes a set of `count` semaphores of value 0, mode 0600, under a key recorded in `run_dir`. Throws
  // std::system_error.
  SysvSem(RunDir& run_dir, int count);
  SysvSem(const SysvSem&) = delete;
  SysvSem& operator=(const SysvSem&) = delete;
  ~SysvSem() { remove(); }

  // The set's identifier, found by the key, as an unrelated process would. Throws std::system_error.
  int open() const;
  // IPC_RMID: nobody has it any more.
  void remove() noexcept;

 private:
  KeyedObject object_;
  ProcessOwned owner_;
};

// Why no set can be made here (none left of semmni, no System V semaphores in this kernel), "" if one can.
std::string sysv_sem_refusal();

}  // namespace ipcbench

#pragma once

#include <string>

#include "harness/base/process_owned.h"
#include "harness/ipc/sysv_key.h"

namespace ipcbench {

// SysvSem owns a set of System V semaphores that this process has made, semget(2). Its destructor removes the set for
// everybody, but not in a forked child; sleepers then wake with EIDRM.
class SysvSem {
 public:
  // Makes a set of `count` semaphores of value 0, mode 0600, under a key recorded in `run_dir`. Throws
  // std::system_error.
  SysvSem(RunDir& run_dir, int count);
  SysvSem(const SysvSem&) = delete;
  SysvSem& operator=(const SysvSem&) = delete;
  ~SysvSem() { remove(); }

  // Returns the set's identifier by its key, as an unrelated process would. Throws std::system_error.
  int open() const;
  // Removes the set for everybody (IPC_RMID).
  void remove() noexcept;

 private:
  KeyedObject object_;
  ProcessOwned owner_;
};

// Says why no set can be made here (none left of semmni, no System V semaphores in this kernel); "" if one can.
std::string sysv_sem_refusal();

}  // namespace ipcbench

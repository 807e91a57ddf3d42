#pragma once

#include <cstddef>
#include <string>

#include "harness/base/process_owned.h"
#include "harness/ipc/sysv_key.h"
#include "harness/memory/huge_pages.h"
#include "harness/memory/mapping.h"

namespace ipcbench {

// A System V shared memory segment that this process has made, shmget(2). Marked for removal when the owner goes; a
// copy inherited by a forked child removes nothing.
class SysvShm {
 public:
  // `size` bytes, zeroed, under a key recorded in `run_dir`. Throws std::system_error.
  SysvShm(RunDir& run_dir, std::size_t size, PageKind pages);
  SysvShm(const SysvShm&) = delete;
  SysvShm& operator=(const SysvShm&) = delete;
  ~SysvShm() { remove(); }

  // A mapping of its own, found by key, as an unrelated process would. Throws std::system_error.
  Mapping open() const;
  // IPC_RMID: nobody finds it any more, and it goes with the last that has attached it.
  void remove() noexcept;

 private:
  KeyedObject object_;
  ProcessOwned owner_;
};

// What System V segments may still take here.
struct SysvShmRoom {
  std::size_t bytes = 0;    // of one segment; 0 where there can't be another
  std::string limit;        // what sets it: "/proc/sys/kernel/shmmax is 33554432"
  bool is_setting = false;  // the limit is shmmax; else it is what is free now
  bool supported = true;    // false: the kernel has no System V shared memory; `limit` says so
};
SysvShmRoom sysv_shm_room();

}  // namespace ipcbench

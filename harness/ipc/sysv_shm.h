#pragma once

#include <cstddef>
#include <string>

#include "harness/base/process_owned.h"
#include "harness/ipc/sysv_key.h"
#include "harness/memory/huge_pages.h"
#include "harness/memory/mapping.h"

namespace ipcbench {

// SysvShm owns a System V shared memory segment that this process has made, shmget(2). Its destructor marks the segment
// for removal, but not in a forked child.
class SysvShm {
 public:
  // Makes a segment of `size` bytes, zeroed, under a key recorded in `run_dir`. Throws std::system_error.
  SysvShm(RunDir& run_dir, std::size_t size, PageKind pages);
  SysvShm(const SysvShm&) = delete;
  SysvShm& operator=(const SysvShm&) = delete;
  ~SysvShm() { remove(); }

  key_t key() const noexcept { return object_.key; }
  // Attaches such a segment by its key. Throws std::system_error.
  static Mapping open(key_t key);
  // Marks the segment for removal (IPC_RMID): nobody finds it any more, and it is freed with its last attachment.
  void remove() noexcept;

 private:
  KeyedObject object_;
  ProcessOwned owner_;
};

// SysvShmRoom is what one more System V segment may take here.
struct SysvShmRoom {
  std::size_t bytes = 0;     // of one segment; 0 where there can't be another
  std::string limit;         // what sets it: "/proc/sys/kernel/shmmax is 33554432"
  bool is_setting = false;   // the limit is shmmax; else it is what is free now
  std::size_t segments = 0;  // that may be made yet: shmmni less those that there are
  bool supported = true;     // false: the kernel has no System V shared memory; `limit` says so
};
SysvShmRoom sysv_shm_room();

}  // namespace ipcbench

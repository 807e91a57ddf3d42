#include "harness/os/sysv_semaphores.h"

#include <sys/ipc.h>
#include <sys/sem.h>
#include <unistd.h>

#include "harness/os/error.h"

namespace ipcbench {

SysvSemaphores::SysvSemaphores(RunDir& run_dir, int count)
    // Linux sets all values to 0, though POSIX doesn't promise it.
    : object_(make_keyed(run_dir, RunDir::Kind::sysv_sem,
                         [&](key_t key) { return ::semget(key, count, IPC_CREAT | IPC_EXCL | 0600); })),
      owner_(::getpid()) {
  if (object_.id < 0) throw_errno("semget of {} semaphores (limits: /proc/sys/kernel/sem)", count);
}

SysvSemaphores::~SysvSemaphores() {
  if (owner_ == ::getpid()) ::semctl(object_.id, 0, IPC_RMID);
}

int SysvSemaphores::attach() const {
  const int id = ::semget(object_.key, 0, 0);
  if (id < 0) throw_errno("semget of key {:#x}", object_.key);
  return id;
}

}  // namespace ipcbench

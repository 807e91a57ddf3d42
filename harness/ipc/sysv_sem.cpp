#include "harness/ipc/sysv_sem.h"

#include <sys/ipc.h>
#include <sys/sem.h>

#include <cerrno>
#include <cstring>

#include "harness/base/error.h"

namespace ipcbench {
namespace {

// semctl(2) leaves this definition to the caller.
union SemArgument {
  int val;
  semid_ds* buf;
  unsigned short* array;
  seminfo* info;
};

}  // namespace

SysvSem::SysvSem(RunDir& run_dir, int count)
    // Linux sets all values to 0, though POSIX doesn't promise it.
    : object_(make_keyed(run_dir, RunDir::Kind::sysv_sem,
                         [&](key_t key) { return ::semget(key, count, IPC_CREAT | IPC_EXCL | 0600); })) {
  if (object_.id >= 0) return;
  if (errno == ENOSPC) throw_errno("semget of {} semaphores (/proc/sys/kernel/sem)", count);
  throw_errno("semget of {} semaphores", count);
}

void SysvSem::remove() noexcept {
  if (owner_.release()) ::semctl(object_.id, 0, IPC_RMID);
}

int SysvSem::open() const {
  const int id = ::semget(object_.key, 0, 0);
  if (id < 0) throw_errno("semget of key {:#010x}", object_.key);
  return id;
}

std::string sysv_sem_refusal() {
  seminfo limits{}, used{};
  if (::semctl(0, 0, IPC_INFO, SemArgument{.info = &limits}) < 0 ||
      ::semctl(0, 0, SEM_INFO, SemArgument{.info = &used}) < 0) {
    return fmt::format("no System V semaphores: {}", std::strerror(errno));
  }
  if (used.semusz < limits.semmni) return "";
  return fmt::format("{} of {} System V semaphore sets are in use (fourth number of /proc/sys/kernel/sem)", used.semusz,
                     limits.semmni);
}

}  // namespace ipcbench

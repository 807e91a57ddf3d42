#include "harness/os/sysv_sem.h"

#include <sys/ipc.h>
#include <sys/sem.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/os/error.h"

namespace ipcbench {
namespace {

// semctl(2) leaves its definition to the caller.
union SemArgument {
  int val;
  semid_ds* buf;
  unsigned short* array;
  seminfo* info;
};

}  // namespace

SysvSem::SysvSem(RunDir& run_dir, int count) : count_(count), owner_(::getpid()) {
  while (id_ < 0) {
    key_ = run_dir.claim_key(RunDir::Kind::sysv_sem);
    id_ = ::semget(key_, count, IPC_CREAT | IPC_EXCL | 0600);
    if (id_ >= 0) break;
    const int error = errno;
    run_dir.strike_key(RunDir::Kind::sysv_sem, key_);  // not ours, or nobody's
    errno = error;
    if (error == ENOSPC) throw_errno("semget of {} semaphores (/proc/sys/kernel/sem)", count);
    if (error != EEXIST) throw_errno("semget of {} semaphores", count);
  }
}

SysvSem::~SysvSem() {
  if (owner_ == ::getpid()) ::semctl(id_, 0, IPC_RMID);
}

int SysvSem::attach() const {
  const int id = ::semget(key_, count_, 0);
  if (id < 0) throw_errno("semget of key {:#x}", static_cast<unsigned>(key_));
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

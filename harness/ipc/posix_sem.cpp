#include "harness/ipc/posix_sem.h"

#include <fcntl.h>

#include <utility>

#include "harness/base/error.h"

namespace ipcbench {

PosixSem::PosixSem(std::string name) : name_(std::move(name)) {
  sem_t* const semaphore = ::sem_open(name_.c_str(), O_CREAT | O_EXCL, 0600, 0);
  if (semaphore == SEM_FAILED) throw_errno("sem_open {}", name_);
  ::sem_close(semaphore);  // a forked child would inherit it
}

sem_t* PosixSem::open() const {
  sem_t* const semaphore = ::sem_open(name_.c_str(), 0);
  if (semaphore == SEM_FAILED) throw_errno("sem_open {}", name_);
  return semaphore;
}

void PosixSem::remove() noexcept {
  if (owner_.release()) ::sem_unlink(name_.c_str());
}

}  // namespace ipcbench

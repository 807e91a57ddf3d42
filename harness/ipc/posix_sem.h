#pragma once

#include <semaphore.h>

#include <string>

#include "harness/base/process_owned.h"

namespace ipcbench {

// PosixSem owns a named POSIX semaphore that this process has made, sem_overview(7). Its destructor unlinks the
// semaphore, but not in a forked child.
class PosixSem {
 public:
  // Makes `name` ("/…", must not exist) with value 0, mode 0600. Throws std::system_error.
  explicit PosixSem(std::string name);
  PosixSem(const PosixSem&) = delete;
  PosixSem& operator=(const PosixSem&) = delete;
  ~PosixSem() { remove(); }

  // Opens the semaphore by its name, as an unrelated process would, until this process ends. Throws std::system_error.
  sem_t* open() const;
  // Unlinks the semaphore; processes that have it open keep it.
  void remove() noexcept;

 private:
  std::string name_;
  ProcessOwned owner_;
};

}  // namespace ipcbench

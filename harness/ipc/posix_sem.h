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

  const std::string& name() const noexcept { return name_; }
  // Opens such a semaphore by its name, until this process ends. Throws std::system_error.
  static sem_t* open(const std::string& name);
  // Unlinks the semaphore; processes that have it open keep it.
  void remove() noexcept;

 private:
  std::string name_;
  ProcessOwned owner_;
};

}  // namespace ipcbench

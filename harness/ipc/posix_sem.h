#pragma once

#include <semaphore.h>

#include <string>

#include "harness/base/process_owned.h"

namespace ipcbench {

// A named POSIX semaphore that this process has made, sem_overview(7). Unlinked when the owner goes; a copy inherited
// by a forked child removes nothing.
class PosixSem {
 public:
  // Makes `name` ("/…", must not exist) with value 0, mode 0600. Throws std::system_error.
  explicit PosixSem(std::string name);
  PosixSem(const PosixSem&) = delete;
  PosixSem& operator=(const PosixSem&) = delete;
  ~PosixSem() { remove(); }

  // Opens it by name, as an unrelated process would, until this process ends. Throws std::system_error.
  sem_t* open() const;
  // Nobody finds it any more; who has it open keeps it.
  void remove() noexcept;

 private:
  std::string name_;
  ProcessOwned owner_;
};

}  // namespace ipcbench

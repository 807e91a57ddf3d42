#pragma once

#include <semaphore.h>
#include <sys/types.h>

#include <string>

namespace ipcbench {

// A named POSIX semaphore that this process has made, sem_overview(7). Unlinked when the owner goes; a copy inherited
// by a forked child removes nothing.
class PosixSem {
 public:
  // Makes `name` ("/…", must not exist) with value 0, mode 0600. Throws std::system_error.
  explicit PosixSem(std::string name);
  PosixSem(const PosixSem&) = delete;
  PosixSem& operator=(const PosixSem&) = delete;
  ~PosixSem() { unlink(); }

  // Opens it by name, as an unrelated process would, until this process ends. Throws std::system_error.
  sem_t* attach() const;
  // Nobody finds it any more; who has it open keeps it.
  void unlink() noexcept;

 private:
  std::string name_;
  pid_t owner_;
  bool linked_ = true;
};

}  // namespace ipcbench

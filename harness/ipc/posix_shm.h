#pragma once

#include <cstddef>
#include <string>

#include "harness/base/process_owned.h"
#include "harness/memory/mapping.h"

namespace ipcbench {

// A POSIX shared memory object that this process has made, shm_overview(7). Unlinked when the owner goes; a copy
// inherited by a forked child removes nothing.
class PosixShm {
 public:
  // Makes `name` ("/…", must not exist): `size` bytes, zeroed and backed by memory at once. Throws std::system_error.
  PosixShm(std::string name, std::size_t size);
  PosixShm(const PosixShm&) = delete;
  PosixShm& operator=(const PosixShm&) = delete;
  ~PosixShm() { remove(); }

  // A mapping of its own, found by name, as an unrelated process would. Throws std::system_error.
  Mapping open() const;
  // Nobody finds it any more; mappings stay.
  void remove() noexcept;

 private:
  std::string name_;
  std::size_t size_;
  ProcessOwned owner_;
};

}  // namespace ipcbench

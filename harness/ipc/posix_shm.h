#pragma once

#include <cstddef>
#include <string>

#include "harness/base/process_owned.h"
#include "harness/memory/mapping.h"

namespace ipcbench {

// PosixShm owns a POSIX shared memory object that this process has made, shm_overview(7). Its destructor unlinks the
// object, but not in a forked child.
class PosixShm {
 public:
  // Makes `name` ("/…", must not exist): `size` bytes, zeroed and backed by memory at once. Throws std::system_error.
  PosixShm(std::string name, std::size_t size);
  PosixShm(const PosixShm&) = delete;
  PosixShm& operator=(const PosixShm&) = delete;
  ~PosixShm() { remove(); }

  // Maps the object by its name, as an unrelated process would. Throws std::system_error.
  Mapping open() const;
  // Unlinks the object; mappings stay.
  void remove() noexcept;

 private:
  std::string name_;
  std::size_t size_;
  ProcessOwned owner_;
};

}  // namespace ipcbench

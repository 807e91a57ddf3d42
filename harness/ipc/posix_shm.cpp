#include "harness/ipc/posix_shm.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <utility>

#include "harness/base/error.h"
#include "harness/base/unique_fd.h"
#include "harness/run_dir/file_space.h"

namespace ipcbench {

PosixShm::PosixShm(std::string name, std::size_t size) : name_(std::move(name)), size_(size) {
  const UniqueFd fd(::shm_open(name_.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600));
  if (!fd) throw_errno("shm_open {}", name_);
  try {
    take_space(fd.get(), size_, name_);
  } catch (...) {
    remove();  // no destructor runs for what was never constructed
    throw;
  }
}

Mapping PosixShm::open() const {
  const UniqueFd fd(::shm_open(name_.c_str(), O_RDWR, 0));
  if (!fd) throw_errno("shm_open {}", name_);
  return Mapping::shared_file(fd.get(), size_);
}

void PosixShm::remove() noexcept {
  if (owner_.release()) ::shm_unlink(name_.c_str());
}

}  // namespace ipcbench

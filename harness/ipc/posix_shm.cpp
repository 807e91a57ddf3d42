#include "harness/ipc/posix_shm.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <utility>

#include "harness/base/error.h"
#include "harness/base/unique_fd.h"
#include "harness/run_dir/file_space.h"

namespace ipcbench {

PosixShm::PosixShm(std::string name, std::size_t size) : name_(std::move(name)) {
  const UniqueFd fd(::shm_open(name_.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600));
  if (!fd) throw_errno("shm_open {}", name_);
  try {
    take_space(fd.get(), size, name_);
  } catch (...) {
    remove();  // no destructor runs for what was never constructed
    throw;
  }
}

Mapping PosixShm::open(const std::string& name) {
  const UniqueFd fd(::shm_open(name.c_str(), O_RDWR, 0));
  if (!fd) throw_errno("shm_open {}", name);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw_errno("fstat {}", name);
  return Mapping::shared_file(fd.get(), static_cast<std::size_t>(status.st_size));
}

void PosixShm::remove() noexcept {
  if (owner_.release()) ::shm_unlink(name_.c_str());
}

}  // namespace ipcbench

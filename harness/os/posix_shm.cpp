#include "harness/os/posix_shm.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "harness/os/error.h"
#include "harness/os/unique_fd.h"

namespace ipcbench {
namespace {

// Memory is taken now: where /dev/shm is full, a store to a page of a sparse object would be a SIGBUS.
void allocate(int fd, std::size_t size, const std::string& name) {
  if (::ftruncate(fd, static_cast<off_t>(size)) != 0) throw_errno("ftruncate {} to {} bytes", name, size);
  do {
    errno = ::posix_fallocate(fd, 0, static_cast<off_t>(size));
  } while (errno == EINTR);
  if (errno != 0) throw_errno("posix_fallocate {} of {} bytes", name, size);
}

}  // namespace

PosixShm::PosixShm(std::string name, std::size_t size) : name_(std::move(name)), size_(size), owner_(::getpid()) {
  const UniqueFd fd(::shm_open(name_.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600));
  if (!fd) throw_errno("shm_open {}", name_);
  try {
    allocate(fd.get(), size_, name_);
  } catch (...) {
    unlink();  // no destructor runs for what was never constructed
    throw;
  }
}

Mapping PosixShm::attach() const {
  const UniqueFd fd(::shm_open(name_.c_str(), O_RDWR, 0));
  if (!fd) throw_errno("shm_open {}", name_);
  return Mapping::shared_file(fd.get(), size_);
}

void PosixShm::unlink() noexcept {
  if (linked_ && owner_ == ::getpid()) ::shm_unlink(name_.c_str());
  linked_ = false;
}

std::optional<std::size_t> free_posix_shm() noexcept {
  struct statvfs about {};
  if (::access("/dev/shm", W_OK | X_OK) != 0 || ::statvfs("/dev/shm", &about) != 0) return std::nullopt;
  if (about.f_blocks == 0) return std::numeric_limits<std::size_t>::max();  // a tmpfs without a limit
  return std::size_t{about.f_bavail} * about.f_frsize;
}

}  // namespace ipcbench

#include "harness/run_dir/file_space.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <limits>

#include "harness/base/error.h"

namespace ipcbench {

void take_space(int fd, std::size_t size, const std::string& name) {
  if (::ftruncate(fd, static_cast<off_t>(size)) != 0) throw_errno("ftruncate {} to {} bytes", name, size);
  do {
    errno = ::posix_fallocate(fd, 0, static_cast<off_t>(size));
  } while (errno == EINTR);
  if (errno != 0) throw_errno("posix_fallocate {} of {} bytes", name, size);
}

std::optional<FileSystem> file_system_of(const char* folder) noexcept {
  struct statfs about {};
  if (::access(folder, W_OK | X_OK) != 0 || ::statfs(folder, &about) != 0) return std::nullopt;
  const auto type = static_cast<unsigned long>(about.f_type);
  FileSystem system{.in_memory = type == TMPFS_MAGIC || type == RAMFS_MAGIC};
  // A tmpfs without a limit reports no blocks at all, and so does ramfs.
  system.free = about.f_blocks == 0 ? std::numeric_limits<std::size_t>::max()
                                    : std::size_t{about.f_bavail} * static_cast<std::size_t>(about.f_bsize);
  return system;
}

}  // namespace ipcbench

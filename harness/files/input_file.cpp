#include "harness/files/input_file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/unique_fd.h"
#include "harness/base/usage_error.h"
#include "harness/files/compression.h"

namespace ipcbench {
namespace {

std::string_view kind_of(mode_t mode) noexcept {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  return "a socket";
}

struct stat status_of(int fd, const std::string& path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) throw_errno("fstat {}", path);
  return status;
}

// Returns whether `fd` is a pipe without a name, which a shell has made: it has a writer, or had one. The other end of
// a FIFO may never be opened.
bool is_unnamed_pipe(int fd, mode_t mode) noexcept {
  struct statfs system {};
  return S_ISFIFO(mode) && ::fstatfs(fd, &system) == 0 && system.f_type == PIPEFS_MAGIC;
}

[[noreturn]] void refuse_kind(const std::string& path, mode_t mode) {
  throw UsageError(fmt::format("{}: this is {}; a regular file is needed", path, kind_of(mode)));
}

[[noreturn]] void refuse_size(const std::string& path, std::size_t largest) {
  throw UsageError(fmt::format("{}: larger than {}, which is more than such a file holds", path, format_size(largest)));
}

// Waits for bytes: a pipe opened without blocking returns EAGAIN while it has none.
bool await_bytes(int fd) noexcept {
  struct pollfd ready = {.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&ready, 1, -1) > 0 || errno == EINTR;
}

std::string stored_content(const std::string& path, std::size_t largest) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!fd) throw_errno("open {}", path);
  const struct stat status = status_of(fd.get(), path);
  if (!S_ISREG(status.st_mode) && !is_unnamed_pipe(fd.get(), status.st_mode)) refuse_kind(path, status.st_mode);
  std::string content;
  if (status.st_size > 0) {
    if (static_cast<std::size_t>(status.st_size) > largest) refuse_size(path, largest);
    content.reserve(static_cast<std::size_t>(status.st_size));
  }
  std::array<char, 65536> part;
  for (;;) {
    const ssize_t got = ::read(fd.get(), part.data(), part.size());
    if (got < 0 && (errno == EINTR || (errno == EAGAIN && await_bytes(fd.get())))) continue;
    if (got < 0) throw_errno("read {}", path);
    if (got == 0) return content;
    // The file may grow while it is read.
    if (content.size() + static_cast<std::size_t>(got) > largest) refuse_size(path, largest);
    content.append(part.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

void require_regular_file(int fd, const std::string& path) {
  const struct stat status = status_of(fd, path);
  if (!S_ISREG(status.st_mode)) refuse_kind(path, status.st_mode);
}

std::string read_input(const std::string& path, std::size_t largest) {
  std::string content = stored_content(path, largest);
  return is_compressed(content) ? decompress(content, path, largest) : content;
}

}  // namespace ipcbench

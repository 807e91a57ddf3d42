#include "harness/os/io.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "harness/os/error.h"
#include "harness/os/unique_fd.h"

namespace ipcbench {
namespace {

// A line of /proc or /sys is never longer; guards against read_line() of an endless device.
constexpr std::size_t kLongestLine = std::size_t{64} << 10;

ssize_t read_retrying(int fd, char* buffer, std::size_t size) noexcept {
  for (;;) {
    const ssize_t got = ::read(fd, buffer, size);
    if (got >= 0 || errno != EINTR) return got;
  }
}

UniqueFd open_for_reading(const std::string& path) noexcept {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

// Where a write to `path` lands: a rename would otherwise replace a symbolic link (/dev/stdout) by a file.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : path;
}

// A device or a pipe can only be written to, not replaced.
bool is_replaceable(const std::string& path) noexcept {
  struct stat status {};
  return ::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode);
}

void sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) throw_errno("open {}", folder);
  // EINVAL: a file system that can't sync folders has nothing to sync.
  if (::fsync(fd.get()) != 0 && errno != EINVAL) throw_errno("fsync {}", folder);
}

void write_temporary(const std::string& temporary, std::string_view content) {
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!fd) throw_errno("open {}", temporary);
  write_all(fd.get(), content, temporary);
  if (::fsync(fd.get()) != 0) throw_errno("fsync {}", temporary);
  // Network file systems report a failed write only here.
  if (::close(fd.release()) != 0 && errno != EINTR) throw_errno("close {}", temporary);
}

}  // namespace

std::string read_file(const std::string& path) {
  const UniqueFd fd = open_for_reading(path);
  if (!fd) throw_errno("open {}", path);
  std::string content;
  struct stat status {};
  if (::fstat(fd.get(), &status) == 0 && status.st_size > 0) content.reserve(static_cast<std::size_t>(status.st_size));
  std::array<char, 16384> buffer;
  for (;;) {
    const ssize_t got = read_retrying(fd.get(), buffer.data(), buffer.size());
    if (got < 0) throw_errno("read {}", path);
    if (got == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

std::optional<std::string> read_line(const std::string& path) {
  const UniqueFd fd = open_for_reading(path);
  if (!fd) return std::nullopt;
  std::string line;
  std::array<char, 4096> buffer;
  while (line.size() < kLongestLine) {
    const ssize_t got = read_retrying(fd.get(), buffer.data(), buffer.size());
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    line.append(buffer.data(), static_cast<std::size_t>(got));
    const std::size_t newline = line.find('\n');
    if (newline != std::string::npos) {
      line.resize(newline);
      break;
    }
  }
  return line;
}

void write_file_atomically(const std::string& path, std::string_view content) {
  const std::string target = resolved(path);
  if (!is_replaceable(target)) {
    const UniqueFd fd(::open(target.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd) throw_errno("open {}", target);
    write_all(fd.get(), content, target);
    return;
  }
  const std::string temporary = target + ".tmp";
  try {
    write_temporary(temporary, content);
    if (::rename(temporary.c_str(), target.c_str()) != 0) throw_errno("rename {} to {}", temporary, target);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_folder_of(target);
}

void write_all(int fd, std::string_view bytes, std::string_view what) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) {  // stdout may be shared with a program that doesn't want to wait
        pollfd writable{.fd = fd, .events = POLLOUT, .revents = 0};
        ::poll(&writable, 1, -1);
        continue;
      }
      throw_errno("write {}", what);
    }
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

}  // namespace ipcbench

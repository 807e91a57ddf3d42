#include "harness/base/io.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "harness/base/error.h"
#include "harness/base/unique_fd.h"

namespace ipcbench {
namespace {

// Bounds read_line() on an endless device; no line of /proc or /sys is longer.
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

std::string read_file_or_empty(const std::string& path) {
  try {
    return read_file(path);
  } catch (const std::system_error&) {
    return {};
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

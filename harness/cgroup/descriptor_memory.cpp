#include "harness/cgroup/descriptor_memory.h"

#include <fcntl.h>
#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <string>

#include "harness/base/page_size.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

// Returns the bytes of a socket. What was sent over a UNIX socket is charged to the sender until it is received; TCP
// queues it before it is sent.
std::uint64_t socket_bytes(int fd) noexcept {
  std::array<std::uint32_t, SK_MEMINFO_VARS> info{};
  socklen_t size = sizeof info;
  if (::getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info.data(), &size) != 0) return 0;
  return std::uint64_t{info[SK_MEMINFO_RMEM_ALLOC]} +
         std::max(info[SK_MEMINFO_WMEM_ALLOC], info[SK_MEMINFO_WMEM_QUEUED]) + info[SK_MEMINFO_OPTMEM];
}

std::uint64_t pipe_bytes(int fd) noexcept {
  int waiting = 0;
  if ((::fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY || ::ioctl(fd, FIONREAD, &waiting) != 0) return 0;
  const std::uint64_t page = page_size();
  return (static_cast<std::uint64_t>(waiting) + page - 1) / page * page;
}

constexpr int kMostUnused = 1024;  // descriptor numbers in a row, after which there are no more

bool is_pipe_to_read(int fd, const struct stat& status) noexcept {
  return S_ISFIFO(status.st_mode) && (::fcntl(fd, F_GETFL) & O_ACCMODE) != O_WRONLY;
}

int option_of(int fd, int option) noexcept {
  int value = -1;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

std::uint64_t stream_bytes(int fd, const struct stat& status) noexcept {
  const bool is_stream = S_ISSOCK(status.st_mode) && option_of(fd, SO_TYPE) == SOCK_STREAM;
  if (!is_stream && !is_pipe_to_read(fd, status)) return 0;
  int received = 0, unsent = 0;
  if (::ioctl(fd, FIONREAD, &received) != 0) received = 0;  // a socket that listens has none
  const int domain = is_stream ? option_of(fd, SO_DOMAIN) : -1;
  // Data that a UNIX socket has sent lie in its peer, where FIONREAD sees them.
  if ((domain != AF_INET && domain != AF_INET6) || ::ioctl(fd, SIOCOUTQ, &unsent) != 0) unsent = 0;
  return static_cast<std::uint64_t>(std::max(received, 0)) + static_cast<std::uint64_t>(std::max(unsent, 0));
}

}  // namespace

std::uint64_t descriptor_payload() noexcept {
  std::uint64_t sum = 0;
  for (int fd = 0, unused = 0; unused < kMostUnused; ++fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) {
      ++unused;
      continue;
    }
    unused = 0;
    sum += stream_bytes(fd, status);
  }
  return sum;
}

std::uint64_t descriptor_memory() {
  std::uint64_t sum = 0;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    const std::string name = entry.path().filename().string();
    int fd = -1;
    struct stat status {};
    std::from_chars(name.data(), name.data() + name.size(), fd);
    if (::fstat(fd, &status) != 0) continue;
    if (S_ISSOCK(status.st_mode)) sum += socket_bytes(fd);
    if (S_ISFIFO(status.st_mode)) sum += pipe_bytes(fd);
  }
  return sum;
}

}  // namespace ipcbench

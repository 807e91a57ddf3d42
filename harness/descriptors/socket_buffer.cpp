#include "harness/descriptors/socket_buffer.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <limits>

#include "harness/base/error.h"
#include "harness/base/unique_fd.h"

namespace ipcbench {
namespace {

// The default of all sockets but TCP's: 256 packets of 256 bytes, with the kernel's overhead of 576 bytes for each.
constexpr std::uint64_t kUsualBuffer = 212992;
// The kernel's default of tcp_wmem lets a send buffer grow to at least this; over the loopback it grows at once.
constexpr std::uint64_t kUsualTcpSend = 64 << 10;
// tcp_rmem's default is 131072 since Linux 4.20, and was 87380 before.
constexpr std::uint64_t kUsualTcpReceive = 131072;
constexpr std::uint64_t kFormerTcpReceive = 87380;

constexpr int kLargestInt = std::numeric_limits<int>::max();

int option_of(Buffer which) noexcept { return which == Buffer::socket_send ? SO_SNDBUF : SO_RCVBUF; }

UniqueFd new_socket(SocketKind kind) {
  const bool is_local = kind == SocketKind::local;
  UniqueFd fd(
      ::socket(is_local ? AF_UNIX : AF_INET, (kind == SocketKind::udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0));
  if (!fd) throw_errno("socket");
  return fd;
}

// Returns the three numbers of tcp_wmem or tcp_rmem: least, default, most.
std::array<std::uint64_t, 3> bounds_of(HostLimit limit) {
  std::array<std::uint64_t, 3> bounds{};
  const std::string text = value_of(limit).value_or("");
  const char* at = text.data();
  for (std::uint64_t& bound : bounds) {
    while (at < text.data() + text.size() && *at == ' ') ++at;
    at = std::from_chars(at, text.data() + text.size(), bound).ptr;
  }
  return bounds;
}

// Returns whether the buffer bounds nothing: the receiver of a UNIX domain socket isn't charged.
bool bounds_nothing(SocketKind kind, Buffer which) noexcept {
  return kind == SocketKind::local && which == Buffer::socket_receive;
}

BufferSize default_size(SocketKind kind, Buffer which, BufferDirection direction, std::uint64_t size) noexcept {
  const bool sends = which == Buffer::socket_send;
  if (kind == SocketKind::tcp && sends) {
    return size_of_default(which, direction, size, kUsualTcpSend, HostLimit::tcp_wmem);
  }
  if (kind == SocketKind::tcp) {
    if (size >= kFormerTcpReceive) return plain_size(which, direction, size);
    return size_of_default(which, direction, size, kUsualTcpReceive, HostLimit::tcp_rmem);
  }
  if (bounds_nothing(kind, which)) return plain_size(which, direction, size);
  return size_of_default(which, direction, size, kUsualBuffer,
                         sends ? HostLimit::wmem_default : HostLimit::rmem_default);
}

BufferSize asked_size(SocketKind kind, Buffer which, BufferDirection direction, std::uint64_t size,
                      std::size_t asked) noexcept {
  if (bounds_nothing(kind, which)) return plain_size(which, direction, size);
  const bool sends = which == Buffer::socket_send;
  return size_of_asked(which, direction, size, 2 * std::uint64_t{asked},
                       sends ? HostLimit::wmem_max : HostLimit::rmem_max,
                       sends ? HostLimit::least_send_buffer : HostLimit::least_receive_buffer);
}

}  // namespace

void set_socket_buffer(int socket, Buffer which, std::size_t bytes) {
  const int size = bytes > static_cast<std::size_t>(kLargestInt) ? kLargestInt : static_cast<int>(bytes);
  if (::setsockopt(socket, SOL_SOCKET, option_of(which), &size, sizeof size) != 0) {
    throw_errno("setsockopt {} of {} bytes", to_string(which), bytes);
  }
}

std::uint64_t socket_buffer_size(int socket, Buffer which) noexcept {
  int size = 0;
  socklen_t length = sizeof size;
  if (::getsockopt(socket, SOL_SOCKET, option_of(which), &size, &length) != 0 || size < 0) return 0;
  return static_cast<std::uint64_t>(size);
}

BufferSize socket_buffer(int socket, SocketKind kind, Buffer which, BufferDirection direction,
                         std::optional<std::size_t> asked) noexcept {
  const std::uint64_t size = socket_buffer_size(socket, which);
  return asked ? asked_size(kind, which, direction, size, *asked) : default_size(kind, which, direction, size);
}

BufferSize new_socket_buffer(SocketKind kind, Buffer which, BufferDirection direction,
                             std::optional<std::size_t> asked) {
  if (kind == SocketKind::tcp && !asked) {
    const bool sends = which == Buffer::socket_send;
    const auto [least, usual, most] = bounds_of(sends ? HostLimit::tcp_wmem : HostLimit::tcp_rmem);
    return default_size(kind, which, direction, sends ? most : usual);
  }
  const UniqueFd fd = new_socket(kind);
  if (asked) set_socket_buffer(fd.get(), which, *asked);
  return socket_buffer(fd.get(), kind, which, direction, asked);
}

std::string socket_buffer_refusal(Buffer which, std::size_t bytes) {
  if (bytes <= static_cast<std::size_t>(kLargestInt)) return "";
  return fmt::format("{} is an int: at most {} bytes can be asked for", to_string(which), kLargestInt);
}

}  // namespace ipcbench

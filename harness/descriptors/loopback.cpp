#include "harness/descriptors/loopback.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>

#include "harness/base/error.h"
#include "harness/base/io.h"

namespace ipcbench {
namespace {

constexpr const char* kPorts = "/proc/sys/net/ipv4/ip_local_port_range";  // of both versions
constexpr const char* kDisabled = "/proc/sys/net/ipv6/conf/lo/disable_ipv6";

std::string port_range() { return fmt::format(" ({} is {})", kPorts, read_line(kPorts).value_or("unknown")); }

// Returns the cause of an error of bind on this host; "" if the error's own text says it all.
std::string cause_of_bind(int error_number, IpVersion version) {
  if (error_number == EADDRINUSE) return port_range();
  const bool disabled = version == IpVersion::v6 && read_line(kDisabled).value_or("0") == "1";
  return error_number == EADDRNOTAVAIL && disabled ? fmt::format(" ({} is 1)", kDisabled) : "";
}
// Returns the cause of an error of connect. The connecting socket has no port yet, and there may be none for it:
// EADDRNOTAVAIL for a stream, EAGAIN for datagrams.
std::string cause_of_connect(int error_number) {
  return error_number == EADDRNOTAVAIL || error_number == EAGAIN ? port_range() : "";
}

// Returns true also if it can't be asked.
bool is_up(int socket) noexcept {
  ifreq request{.ifr_ifrn = {"lo"}, .ifr_ifru = {}};
  return ::ioctl(socket, SIOCGIFFLAGS, &request) != 0 || (request.ifr_flags & IFF_UP) != 0;
}

}  // namespace

UniqueFd ip_socket(IpVersion version, int type) {
  const bool is_v4 = version == IpVersion::v4;
  UniqueFd fd(::socket(is_v4 ? AF_INET : AF_INET6, type | SOCK_CLOEXEC, 0));
  if (!fd) throw_errno("socket {} of type {}", is_v4 ? "AF_INET" : "AF_INET6", type);
  return fd;
}

LoopbackAddress::LoopbackAddress(IpVersion version) noexcept : version_(version) {
  if (version_ == IpVersion::v4) {
    address_.v4 = {
        .sin_family = AF_INET, .sin_port = 0, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    size_ = sizeof address_.v4;
  } else {
    address_.v6 = {};
    address_.v6.sin6_family = AF_INET6;
    address_.v6.sin6_addr = in6addr_loopback;
    size_ = sizeof address_.v6;
  }
}

void LoopbackAddress::bind_any_port(int socket) {
  if (::bind(socket, address(), size_) != 0) throw_errno("bind {}{}", text(), cause_of_bind(errno, version_));
  socklen_t size = size_;
  if (::getsockname(socket, address(), &size) != 0) throw_errno("getsockname");
}

void LoopbackAddress::connect(int socket) const {
  if (::connect(socket, address(), size_) != 0) throw_errno("connect {}{}", text(), cause_of_connect(errno));
}

std::uint16_t LoopbackAddress::port() const noexcept {
  return ntohs(version_ == IpVersion::v4 ? address_.v4.sin_port : address_.v6.sin6_port);
}

std::string LoopbackAddress::text() const {
  return fmt::format("{}:{}", version_ == IpVersion::v4 ? "127.0.0.1" : "[::1]", port());
}

std::optional<std::system_error> loopback_refusal(IpVersion version, int type) {
  try {
    const UniqueFd socket = ip_socket(version, type);
    if (!is_up(socket.get())) {
      errno = ENETDOWN;
      throw_errno("the loopback interface is down");
    }
    LoopbackAddress(version).bind_any_port(socket.get());
  } catch (const std::system_error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace ipcbench

#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

#include "harness/base/unique_fd.h"

namespace ipcbench {

enum class IpVersion : std::uint8_t { v4, v6 };

// Makes a socket of type SOCK_STREAM or SOCK_DGRAM. Throws std::system_error.
UniqueFd ip_socket(IpVersion version, int type);

// LoopbackAddress is an address of the loopback interface, 127.0.0.1 or ::1, and a port.
class LoopbackAddress {
 public:
  explicit LoopbackAddress(IpVersion version) noexcept;

  // Binds `socket` to this address with a port that the kernel chooses, and stores the port. Throws std::system_error,
  // which names /proc/sys/net/ipv4/ip_local_port_range if no port is free.
  void bind_any_port(int socket);
  // Connects `socket` to this address. Throws std::system_error as bind_any_port() does.
  void connect(int socket) const;
  // Returns "127.0.0.1:40000" or "[::1]:40000".
  std::string text() const;

 private:
  sockaddr* address() noexcept { return reinterpret_cast<sockaddr*>(&address_); }
  const sockaddr* address() const noexcept { return reinterpret_cast<const sockaddr*>(&address_); }
  std::uint16_t port() const noexcept;

  IpVersion version_;
  union {
    sockaddr_in v4;
    sockaddr_in6 v6;
  } address_{};
  socklen_t size_;
};

// Says why sockets of this type can't talk over the loopback interface here: no such protocol, no address, no free
// port, or the interface is down. Returns nothing if they can. Sends nothing.
std::optional<std::system_error> loopback_refusal(IpVersion version, int type);

}  // namespace ipcbench

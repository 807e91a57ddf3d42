#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/descriptors/socket_buffer.h"
#include "harness/ipc/buffer_size.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// The options `sndbuf` and `rcvbuf` of transports over sockets: bytes that setsockopt() is asked for.
OptionInfo sndbuf_option();
OptionInfo rcvbuf_option();

// The buffers of a session over sockets: what its options ask for, and what the kernel made of that.
class SocketBuffers {
 public:
  // Options that are absent are at their default, too.
  explicit SocketBuffers(SocketKind kind, const OptionValues& options = {});

  // Asks the kernel for what the options ask for, if anything. A TCP socket is to be asked before it connects or
  // listens: the window that it can offer is fixed then. Throws std::system_error.
  void ask(int socket) const;
  // Takes `socket` for the one whose sizes are told. The endpoint must keep it open.
  void watch(int socket) noexcept { socket_ = socket; }

  // What Session::buffers() returns: SO_SNDBUF and SO_RCVBUF of the watched socket, as the kernel tells them.
  BufferSizes sizes(Role role) const;
  // What Transport::buffers_here() returns: the same of a new socket, in both directions.
  BufferSizes sizes_here() const;
  // What Transport::option_refusal() says of them.
  std::string refusal() const;

  const std::optional<std::size_t>& asked_send() const noexcept { return send_; }
  const std::optional<std::size_t>& asked_receive() const noexcept { return receive_; }

 private:
  SocketKind kind_;
  std::optional<std::size_t> send_, receive_;
  int socket_ = -1;
};

}  // namespace ipcbench

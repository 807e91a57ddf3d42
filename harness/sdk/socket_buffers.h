#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/descriptors/socket_buffer.h"
#include "harness/ipc/buffer_size.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// Return the options `sndbuf` and `rcvbuf` of transports over sockets: the bytes that setsockopt(2) is asked for.
OptionInfo sndbuf_option();
OptionInfo rcvbuf_option();

// SocketBuffers knows the buffer sizes that a session's options ask for, and reads what the kernel made of them.
class SocketBuffers {
 public:
  // An absent option counts as one at its default.
  explicit SocketBuffers(SocketKind kind, const OptionValues& options = {});

  // Asks the kernel for what the options ask for, if anything. A TCP socket must be asked before it connects or
  // listens, when the window that it can offer is fixed. Throws std::system_error.
  void ask(int socket) const;
  // Registers the socket whose sizes sizes() reads. The endpoint must keep it open.
  void watch(int socket) noexcept { socket_ = socket; }

  // Returns the value of Session::buffers(): SO_SNDBUF and SO_RCVBUF of the watched socket, as the kernel reports them.
  BufferSizes sizes(Role role) const;
  // Returns the value of Transport::buffers_here(): the sizes of a new socket, for both directions.
  BufferSizes sizes_here() const;
  // Returns what Transport::option_refusal() says of the options, "" if nothing.
  std::string refusal() const;

  const std::optional<std::size_t>& asked_send() const noexcept { return send_; }
  const std::optional<std::size_t>& asked_receive() const noexcept { return receive_; }

 private:
  SocketKind kind_;
  std::optional<std::size_t> send_, receive_;
  int socket_ = -1;
};

}  // namespace ipcbench

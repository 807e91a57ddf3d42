#include "harness/sdk/socket_buffers.h"

#include <system_error>

namespace ipcbench {

OptionInfo sndbuf_option() {
  return {.name = "sndbuf",
          .kind = OptionInfo::Kind::size,
          .default_value = kSystemDefault,
          .values = {"16KiB", "256KiB"},
          .summary = "bytes asked for by SO_SNDBUF; default: what the system gives"};
}

OptionInfo rcvbuf_option() {
  return {.name = "rcvbuf",
          .kind = OptionInfo::Kind::size,
          .default_value = kSystemDefault,
          .values = {"16KiB"},
          .summary = "bytes asked for by SO_RCVBUF; default: what the system gives"};
}

SocketBuffers::SocketBuffers(SocketKind kind, const OptionValues& options)
    : kind_(kind), send_(asked_size(options, "sndbuf")), receive_(asked_size(options, "rcvbuf")) {}

void SocketBuffers::ask(int socket) const {
  if (send_) set_socket_buffer(socket, Buffer::socket_send, *send_);
  if (receive_) set_socket_buffer(socket, Buffer::socket_receive, *receive_);
}

BufferSizes SocketBuffers::sizes(int socket, Role role) const {
  const bool produces = role == Role::producer;
  const BufferDirection out = produces ? BufferDirection::forward : BufferDirection::backward;
  const BufferDirection in = produces ? BufferDirection::backward : BufferDirection::forward;
  BufferSizes sizes{};
  sizes.add(socket_buffer(socket, kind_, Buffer::socket_send, out, send_));
  sizes.add(socket_buffer(socket, kind_, Buffer::socket_receive, in, receive_));
  return sizes;
}

BufferSizes SocketBuffers::sizes_here() const {
  BufferSizes sizes{};
  try {
    sizes.add(new_socket_buffer(kind_, Buffer::socket_send, BufferDirection::both, send_));
    sizes.add(new_socket_buffer(kind_, Buffer::socket_receive, BufferDirection::both, receive_));
  } catch (const std::system_error&) {  // probe() says why there are no such sockets
  }
  return sizes;
}

std::string SocketBuffers::refusal() const {
  std::string refusal = send_ ? socket_buffer_refusal(Buffer::socket_send, *send_) : "";
  return refusal.empty() && receive_ ? socket_buffer_refusal(Buffer::socket_receive, *receive_) : refusal;
}

}  // namespace ipcbench

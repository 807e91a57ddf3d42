#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/ipc/buffer_size.h"

// The buffers of a socket, socket(7). The kernel doubles what it is asked for, for its own overhead, and tells the
// doubled number; net.core.wmem_max and rmem_max clamp what is asked without an error.

namespace ipcbench {

// Sockets whose buffers mean the same and have the same defaults.
enum class SocketKind : std::uint8_t {
  local,  // UNIX domain: a message counts in its sender's SO_SNDBUF until it is received, SO_RCVBUF bounds nothing
  udp,
  tcp,  // buffers grow by themselves unless they are asked for, between the bounds of tcp_wmem and tcp_rmem
};

// setsockopt SO_SNDBUF or SO_RCVBUF. Throws std::system_error.
void set_socket_buffer(int socket, Buffer which, std::size_t bytes);
// What getsockopt says; 0 where it says nothing.
std::uint64_t socket_buffer_size(int socket, Buffer which) noexcept;

// The same with what a limit did to it. `asked`: what set_socket_buffer() got; none: nothing.
BufferSize socket_buffer(int socket, SocketKind kind, Buffer which, BufferDirection direction,
                         std::optional<std::size_t> asked) noexcept;
// The same of a new socket: what a session would get. Sends nothing and connects nothing. Throws std::system_error.
BufferSize new_socket_buffer(SocketKind kind, Buffer which, BufferDirection direction,
                             std::optional<std::size_t> asked);

// Why no socket can be asked for that many bytes, "" if one can.
std::string socket_buffer_refusal(Buffer which, std::size_t bytes);

}  // namespace ipcbench

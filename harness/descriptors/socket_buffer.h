#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/ipc/buffer_size.h"

// These functions set and report the buffers of a socket, socket(7). The kernel doubles what it is asked for, for its
// own overhead, and reports the doubled number. net.core.wmem_max and rmem_max clamp a request without an error.

namespace ipcbench {

// SocketKind groups sockets whose buffers mean the same and have the same defaults.
enum class SocketKind : std::uint8_t {
  local,  // UNIX domain: a message counts in its sender's SO_SNDBUF until it is received, SO_RCVBUF bounds nothing
  udp,
  tcp,  // buffers grow by themselves unless they are asked for, between the bounds of tcp_wmem and tcp_rmem
};

// Sets SO_SNDBUF or SO_RCVBUF. Throws std::system_error.
void set_socket_buffer(int socket, Buffer which, std::size_t bytes);
// Returns what getsockopt says, in bytes; 0 if it fails.
std::uint64_t socket_buffer_size(int socket, Buffer which) noexcept;

// Returns a buffer's size with what a limit did to it. `asked` is what set_socket_buffer() got, nullopt if it wasn't
// called.
BufferSize socket_buffer(int socket, SocketKind kind, Buffer which, BufferDirection direction,
                         std::optional<std::size_t> asked) noexcept;
// Returns the buffer size that a new socket of a session would have. Sends nothing and connects nothing. Throws
// std::system_error.
BufferSize new_socket_buffer(SocketKind kind, Buffer which, BufferDirection direction,
                             std::optional<std::size_t> asked);

// Says why no socket can be asked for that many bytes; "" if one can.
std::string socket_buffer_refusal(Buffer which, std::size_t bytes);

}  // namespace ipcbench

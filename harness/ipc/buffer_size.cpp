#include "harness/ipc/buffer_size.h"

namespace ipcbench {

std::string_view to_string(Buffer buffer) noexcept {
  switch (buffer) {
    case Buffer::pipe:
      return "F_GETPIPE_SZ";
    case Buffer::socket_send:
      return "SO_SNDBUF";
    case Buffer::socket_receive:
      return "SO_RCVBUF";
    case Buffer::sysv_queue:
      return "msg_qbytes";
    case Buffer::posix_queue:
      return "mq_maxmsg";
    case Buffer::posix_message:
      return "mq_msgsize";
    case Buffer::ring:
      return "ring";
    case Buffer::file:
      return "file";
  }
  return "?";
}

std::string_view to_string(BufferDirection direction) noexcept {
  switch (direction) {
    case BufferDirection::forward:
      return "forward";
    case BufferDirection::backward:
      return "backward";
    case BufferDirection::both:
      return "both";
  }
  return "?";
}

std::string_view to_string(LimitEffect effect) noexcept {
  switch (effect) {
    case LimitEffect::none:
      return "none";
    case LimitEffect::smaller:
      return "smaller";
    case LimitEffect::clamped:
      return "clamped";
    case LimitEffect::raised:
      return "raised";
  }
  return "?";
}

BufferSize plain_size(Buffer buffer, BufferDirection direction, std::uint64_t size) noexcept {
  return {.buffer = buffer,
          .direction = direction,
          .effect = LimitEffect::none,
          .limit = HostLimit::none,
          .size = size,
          .wanted = 0};
}

BufferSize size_of_asked(Buffer buffer, BufferDirection direction, std::uint64_t size, std::uint64_t asked,
                         HostLimit if_less, HostLimit if_more) noexcept {
  BufferSize result = plain_size(buffer, direction, size);
  if (size == asked) return result;
  result.effect = size < asked ? LimitEffect::clamped : LimitEffect::raised;
  result.limit = size < asked ? if_less : if_more;
  result.wanted = asked;
  return result;
}

BufferSize size_of_default(Buffer buffer, BufferDirection direction, std::uint64_t size, std::uint64_t usual,
                           HostLimit if_less) noexcept {
  BufferSize result = plain_size(buffer, direction, size);
  if (size >= usual) return result;
  result.effect = LimitEffect::smaller;
  result.limit = if_less;
  result.wanted = usual;
  return result;
}

}  // namespace ipcbench

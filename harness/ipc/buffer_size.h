#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "harness/ipc/host_limit.h"

// These types describe a channel's buffers: their sizes as they are, beside those that were wanted. They are plain
// data, which workers hand to their coordinator in shared memory.

namespace ipcbench {

// Buffer names a buffer by the call or the field that reports its size.
enum class Buffer : std::uint8_t {
  pipe,            // F_GETPIPE_SZ
  socket_send,     // SO_SNDBUF
  socket_receive,  // SO_RCVBUF
  sysv_queue,      // msg_qbytes
  posix_queue,     // mq_maxmsg: messages
  posix_message,   // mq_msgsize
  ring,            // the slots of a ring in shared memory
  file,            // the file that holds a direction's messages
};
std::string_view to_string(Buffer buffer) noexcept;  // "F_GETPIPE_SZ"

// BufferDirection says which messages a buffer holds.
enum class BufferDirection : std::uint8_t { forward, backward, both };  // forward: from producer to consumer
std::string_view to_string(BufferDirection direction) noexcept;

// LimitEffect is what a limit did to a buffer.
enum class LimitEffect : std::uint8_t {
  none,
  smaller,  // it is smaller than the kernel makes it by default
  clamped,  // it is smaller than was asked for
  raised,   // it is larger than was asked for
};
std::string_view to_string(LimitEffect effect) noexcept;

struct BufferSize {
  Buffer buffer;
  BufferDirection direction;
  LimitEffect effect;
  HostLimit limit;       // behind the effect
  std::uint64_t size;    // bytes, or messages
  std::uint64_t wanted;  // likewise; of an effect, else 0
};

// Returns a size that no limit of the host changes without an error.
BufferSize plain_size(Buffer buffer, BufferDirection direction, std::uint64_t size) noexcept;
// Returns a size beside the one asked for; `if_less` or `if_more` is the limit behind a difference.
BufferSize size_of_asked(Buffer buffer, BufferDirection direction, std::uint64_t size, std::uint64_t asked,
                         HostLimit if_less, HostLimit if_more) noexcept;
// Returns a default size beside `usual`, the kernel's own default; `if_less` is the limit behind a smaller one.
BufferSize size_of_default(Buffer buffer, BufferDirection direction, std::uint64_t size, std::uint64_t usual,
                           HostLimit if_less) noexcept;

// BufferSizes holds the buffers that one side of a channel reports.
struct BufferSizes {
  static constexpr std::size_t kMost = 4;

  std::uint32_t count;
  std::array<BufferSize, kMost> sizes;

  // Adds a size. Drops one of 0, which the kernel doesn't report, and one beyond kMost.
  void add(const BufferSize& size) noexcept {
    if (size.size > 0 && count < kMost) sizes[count++] = size;
  }
  std::span<const BufferSize> all() const noexcept { return {sizes.data(), count}; }
};

}  // namespace ipcbench

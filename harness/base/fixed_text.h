#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>

namespace ipcbench {

// Copies `text` into a fixed buffer of shared memory or of a message, where a string can't go. It ends with a NUL; what
// has no room is cut off. `room` is not empty.
inline void copy_text(std::span<char> room, std::string_view text) noexcept {
  const std::size_t size = std::min(text.size(), room.size() - 1);
  std::memcpy(room.data(), text.data(), size);
  room[size] = '\0';
}

}  // namespace ipcbench

#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>

namespace ipcbench {

// Into shared memory, or a message, where a string can't go: as much of `text` as there is room for, and a NUL.
inline void copy_text(std::span<char> room, std::string_view text) noexcept {
  const std::size_t size = std::min(text.size(), room.size() - 1);
  std::memcpy(room.data(), text.data(), size);
  room[size] = '\0';
}

}  // namespace ipcbench

#pragma once

#include <array>
#include <cstddef>
#include <cstring>

namespace ipcbench {

namespace detail {

// N to 2 N bytes by two moves that may overlap; both are loaded before one is stored.
template <std::size_t N>
inline void copy_ends(std::byte* to, const std::byte* from, std::size_t size) noexcept {
  std::array<std::byte, N> head, tail;
  std::memcpy(head.data(), from, N);
  std::memcpy(tail.data(), from + size - N, N);
  std::memcpy(to, head.data(), N);
  std::memcpy(to + size - N, tail.data(), N);
}

}  // namespace detail

// memcpy with sizes up to 64 inline: a call through the PLT and its dispatch by size is a tenth of the time in which a
// cache line goes to the other CPU.
inline void copy_bytes(std::byte* to, const std::byte* from, std::size_t size) noexcept {
  if (size > 64) {
    std::memcpy(to, from, size);
  } else if (size > 32) {
    detail::copy_ends<32>(to, from, size);
  } else if (size > 16) {
    detail::copy_ends<16>(to, from, size);
  } else if (size >= 8) {
    detail::copy_ends<8>(to, from, size);
  } else if (size >= 4) {
    detail::copy_ends<4>(to, from, size);
  } else if (size >= 2) {
    detail::copy_ends<2>(to, from, size);
  } else if (size == 1) {
    *to = *from;
  }
}

}  // namespace ipcbench

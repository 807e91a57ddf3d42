#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ipcbench {

namespace detail {

template <class Word>
inline void copy_word(std::byte* to, const std::byte* from) noexcept {
  Word word;
  std::memcpy(&word, from, sizeof word);
#if defined(__GNUC__)
  asm("" : "+r"(word));  // else neighbouring words are merged into vectors again
#endif
  std::memcpy(to, &word, sizeof word);
}

}  // namespace detail

// memcpy for messages: up to a cache line inline, by words. Wider loads would span words that the caller has just
// stored; such a load waits until those stores have left the store buffer, and there they stand behind the ones to
// lines that the peer still holds: one message at a time would be under way. Also, the call of memcpy takes a tenth of
// the time in which a line goes to the other CPU.
inline void copy_bytes(std::byte* to, const std::byte* from, std::size_t size) noexcept {
  using detail::copy_word;
  if (size > 64) {
    std::memcpy(to, from, size);
  } else if (size >= 8) {
    std::size_t at = 0;
    for (; at + 8 <= size; at += 8) copy_word<std::uint64_t>(to + at, from + at);
    if (at != size) copy_word<std::uint64_t>(to + size - 8, from + size - 8);
  } else {
    if ((size & 4) != 0) copy_word<std::uint32_t>(to, from);
    if ((size & 2) != 0) copy_word<std::uint16_t>(to + (size & 4), from + (size & 4));
    if ((size & 1) != 0) to[size - 1] = from[size - 1];
  }
}

}  // namespace ipcbench

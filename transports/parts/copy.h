#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ipcbench {

// copy_out() and copy_in() copy messages between a caller's buffer and shared memory. Short messages are copied inline:
// a call of memcpy takes a tenth of the time in which a line goes to another CPU.
inline constexpr std::size_t kMaxInlineCopy = 120;  // bytes: two cache lines but for a header

namespace detail {

template <class Word>
inline Word load(const std::byte* from) noexcept {
  Word word;
  std::memcpy(&word, from, sizeof word);
#if defined(__GNUC__)
  asm("" : "+r"(word));  // else neighbouring words are merged into vectors again
#endif
  return word;
}

template <class Word>
inline void copy_word(std::byte* to, const std::byte* from) noexcept {
  const Word word = load<Word>(from);
  std::memcpy(to, &word, sizeof word);
}

// Copies 16 bytes with two loads and one store.
inline void copy_pair(std::byte* to, const std::byte* from) noexcept {
#if defined(__GNUC__)
  using Pair [[gnu::vector_size(16)]] = std::uint64_t;
  const Pair pair{load<std::uint64_t>(from), load<std::uint64_t>(from + 8)};
  std::memcpy(to, &pair, sizeof pair);
#else
  std::memcpy(to, from, 16);
#endif
}

inline void copy_few(std::byte* to, const std::byte* from, std::size_t size) noexcept {
  if ((size & 4) != 0) copy_word<std::uint32_t>(to, from);
  if ((size & 2) != 0) copy_word<std::uint16_t>(to + (size & 4), from + (size & 4));
  if ((size & 1) != 0) to[size - 1] = from[size - 1];
}

}  // namespace detail

// Copies what the caller has just stored into lines that the peer may hold.
//
// Loads are of single words. A wider load would span words just stored, and wait until these have left the store
// buffer, behind the stores to lines that the peer still holds. Only one message at a time would then be under way.
// Stores are few, since the store buffer's entries bound how many messages are under way. The end goes first: the
// reader looks at the first of two lines, and would take it away before its last store.
[[gnu::always_inline]] inline void copy_out(std::byte* to, const std::byte* from, std::size_t size) noexcept {
  if (size > kMaxInlineCopy) [[unlikely]] {
    std::memcpy(to, from, size);
  } else if (size >= 8) {
    const std::size_t last = size - 8;
    detail::copy_word<std::uint64_t>(to + last, from + last);
    std::size_t at = 0;
    for (; at + 16 <= last; at += 16) detail::copy_pair(to + at, from + at);
    if (at < last) detail::copy_word<std::uint64_t>(to + at, from + at);
    if (at + 8 < last) detail::copy_word<std::uint64_t>(to + at + 8, from + at + 8);
  } else {
    detail::copy_few(to, from, size);
  }
}

// Copies from shared memory, for a reader that checks the message by words.
[[gnu::always_inline]] inline void copy_in(std::byte* to, const std::byte* from, std::size_t size) noexcept {
  if (size > kMaxInlineCopy) [[unlikely]] {
    std::memcpy(to, from, size);
  } else if (size >= 16) {
    std::size_t at = 0;
    for (; at + 16 <= size; at += 16) std::memcpy(to + at, from + at, 16);
    if (at != size) std::memcpy(to + size - 16, from + size - 16, 16);
  } else if (size >= 8) {
    std::memcpy(to, from, 8);
    if (size != 8) std::memcpy(to + size - 8, from + size - 8, 8);
  } else {
    detail::copy_few(to, from, size);
  }
}

}  // namespace ipcbench

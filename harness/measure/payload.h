#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "harness/measure/bytes.h"
#include "harness/measure/splitmix64.h"
#include "harness/records/case_parts.h"

namespace ipcbench {

enum class Role : std::uint8_t { producer, consumer };
constexpr Role other(Role role) noexcept { return role == Role::producer ? Role::consumer : Role::producer; }

// Payload writes and checks the messages of one writer, so that a lost, repeated, reordered, corrupt or self-echoed
// message doesn't pass for the expected one. Word n of message `sequence` is key + sequence * kGoldenGamma + n * kStep,
// modulo 2^64; a message's last word is cut at its end. The key is mixed from the seed and the writer's role, and is
// odd only for a consumer. Since the factors are odd, an answer's first byte differs from that of the message it
// answers, and from those of the 255 messages before and after that. Payload is stateless but for the key.
class Payload {
 public:
  Payload(PayloadMode mode, std::uint64_t seed, Role writer) noexcept
      : key_(mix64(seed + (writer == Role::producer ? kGoldenGamma : 0x3c6ef372fe94f82au)) << 1 |
             (writer == Role::consumer ? 1 : 0)),
        stride_(mode == PayloadMode::full ? sizeof(std::uint64_t) : kCacheLine),
        words_limit_(mode == PayloadMode::header ? 1 : SIZE_MAX) {}

  // Returns word 0 of a message, from which the others follow. It takes two instructions, where a message through a
  // ring between two CPUs takes as few as twenty.
  std::uint64_t first_word(std::uint64_t sequence) const noexcept { return key_ + sequence * kGoldenGamma; }

  // Words says which words of a message are written and checked. It is computed once for messages of one size, since
  // computing it takes longer than writing a short message.
  struct Words {
    std::size_t whole = 0;   // words entirely inside the message
    std::size_t tail = 0;    // bytes of the cut word after them, 0 to 7
    std::size_t stride = 0;  // bytes from a word to the next
  };
  Words words_in(std::size_t size) const noexcept {
    if (size == 0) return {};
    const std::size_t words = std::min(words_limit_, (size - 1) / stride_ + 1);
    const std::size_t last = size - (words - 1) * stride_;  // bytes from the last word's start
    return last >= sizeof(std::uint64_t) ? Words{words, 0, stride_} : Words{words - 1, last, stride_};
  }

  void write(Bytes message, std::uint64_t sequence) const noexcept {
    write_words(message.data(), words_in(message.size()), first_word(sequence));
  }
  // Returns whether `message` is exactly what write() makes for this sequence.
  bool check(ConstBytes message, std::uint64_t sequence) const noexcept {
    return check_words(message.data(), words_in(message.size()), first_word(sequence));
  }

  static void write_words(std::byte* at, const Words& words, std::uint64_t word) noexcept {
    if (words.whole == 1) [[likely]] {
      store_word(at, word);
      if (words.tail == 0) [[likely]]
        return;
      at += words.stride;
      word += kStep;
    } else {
      for (std::size_t n = words.whole, stride = words.stride; n != 0; --n, at += stride, word += kStep) {
        store_word(at, word);
      }
    }
    if (words.tail != 0) [[unlikely]]
      store_bytes(at, words.tail, word);
  }

  static bool check_words(const std::byte* at, const Words& words, std::uint64_t word) noexcept {
    if (words.whole == 1 && words.tail == 0) [[likely]]
      return load_word(at) == word;
    std::uint64_t wrong = 0;  // gathered, not branched on, so that the reads of distinct lines stay independent
    for (std::size_t n = words.whole, stride = words.stride; n != 0; --n, at += stride, word += kStep) {
      wrong |= load_word(at) ^ word;
    }
    if (words.tail != 0) [[unlikely]]
      wrong |= load_bytes(at, words.tail) ^ (word & ((std::uint64_t{1} << (8 * words.tail)) - 1));
    return wrong == 0;
  }

 private:
  static void store_word(std::byte* at, std::uint64_t word) noexcept { std::memcpy(at, &word, sizeof word); }
  static std::uint64_t load_word(const std::byte* at) noexcept {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    return word;
  }
  // store_bytes() and load_bytes() move the 1 to 7 bytes of a cut word. They loop, since a call of memcpy takes longer.
  static void store_bytes(std::byte* at, std::size_t count, std::uint64_t word) noexcept {
    for (; count != 0; --count, ++at, word >>= 8) *at = static_cast<std::byte>(word);
  }
  static std::uint64_t load_bytes(const std::byte* at, std::size_t count) noexcept {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < count; ++i) word |= std::to_integer<std::uint64_t>(at[i]) << (8 * i);
    return word;
  }

  static constexpr std::uint64_t kStep = 0xd1342543de82ef95u;  // odd: no two words of a message are equal

  std::uint64_t key_;
  std::size_t stride_;  // bytes from a word to the next
  std::size_t words_limit_;
};

}  // namespace ipcbench

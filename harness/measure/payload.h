#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "harness/measure/bytes.h"
#include "harness/measure/mix.h"

namespace ipcbench {

enum class PayloadMode : std::uint8_t {
  lines,   // one 8-byte word per 64-byte line is written and checked
  full,    // every byte
  header,  // the first word only: "payload not touched"
};

enum class Role : std::uint8_t { producer, consumer };
constexpr Role other(Role role) noexcept { return role == Role::producer ? Role::consumer : Role::producer; }

// Writes and checks the messages of one writer: word n of message `sequence` is a mix of the seed, the writer's role,
// the sequence and n, so that a lost, repeated, reordered, corrupt or self-echoed message does not pass for the
// expected one. A message's last word is cut at its end. Stateless but for the key; used from measured loops.
class Payload {
 public:
  Payload(PayloadMode mode, std::uint64_t seed, Role writer) noexcept
      : key_(mix64(seed + (writer == Role::producer ? kGoldenGamma : 0x3c6ef372fe94f82au))),
        stride_shift_(mode == PayloadMode::full ? 3 : 6),
        words_limit_(mode == PayloadMode::header ? 1 : SIZE_MAX) {}

  // Word 0 of a message, from which the others follow. Computed ahead, it keeps the mixing out of a measured round
  // trip.
  std::uint64_t first_word(std::uint64_t sequence) const noexcept { return mix64(key_ + sequence); }

  void write(Bytes message, std::uint64_t sequence) const noexcept { write_words(message, first_word(sequence)); }
  // True if `message` is exactly what write() makes for this sequence.
  bool check(ConstBytes message, std::uint64_t sequence) const noexcept {
    return check_words(message, first_word(sequence));
  }

  void write_words(Bytes message, std::uint64_t word) const noexcept {
    const Words words = words_in(message.size());
    const std::size_t stride = std::size_t{1} << stride_shift_;
    std::byte* at = message.data();
    for (std::size_t n = 0; n < words.whole; ++n, at += stride, word += kStep) std::memcpy(at, &word, sizeof word);
    if (words.tail != 0) std::memcpy(at, &word, words.tail);
  }

  bool check_words(ConstBytes message, std::uint64_t word) const noexcept {
    const Words words = words_in(message.size());
    const std::size_t stride = std::size_t{1} << stride_shift_;
    std::uint64_t wrong = 0;  // gathered, not branched on, so that the reads of distinct lines stay independent
    const std::byte* at = message.data();
    for (std::size_t n = 0; n < words.whole; ++n, at += stride, word += kStep) {
      std::uint64_t seen;
      std::memcpy(&seen, at, sizeof seen);
      wrong |= seen ^ word;
    }
    if (words.tail != 0) {
      std::uint64_t seen = 0;
      std::memcpy(&seen, at, words.tail);
      wrong |= seen ^ (word & ((std::uint64_t{1} << (8 * words.tail)) - 1));
    }
    return wrong == 0;
  }

 private:
  struct Words {
    std::size_t whole;  // words entirely inside the message
    std::size_t tail;   // bytes of the cut word after them, 0 to 7
  };

  static constexpr std::uint64_t kStep = 0xd1342543de82ef95u;  // odd: no two words of a message are equal

  // Shifts, since a division would take longer than the rest of a short message.
  Words words_in(std::size_t size) const noexcept {
    if (size == 0) return {0, 0};
    const std::size_t words = std::min(words_limit_, ((size - 1) >> stride_shift_) + 1);
    const std::size_t last = size - ((words - 1) << stride_shift_);  // bytes from the last word's start
    return last >= sizeof(std::uint64_t) ? Words{words, 0} : Words{words - 1, last};
  }

  std::uint64_t key_;
  unsigned stride_shift_;  // bytes from a word to the next, as a power of two
  std::size_t words_limit_;
};

}  // namespace ipcbench

#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "harness/measure/bytes.h"
#include "harness/measure/payload.h"
#include "harness/sdk/ticket.h"
#include "scenarios/list/cast.h"

namespace ipcbench {

// A message of a cast begins with the seat that it is from or for (16 bits) and its number (48 bits), in clear. The
// rest is the payload of that seat.
struct CastHeader {
  static constexpr std::size_t kSize = kLeastCastMessage;  // bytes
  static constexpr std::uint64_t kMostNumber = (std::uint64_t{1} << 48) - 1;
  static constexpr std::uint64_t kEndMark = kMostNumber;  // the number of the message after a batch's last

  std::uint16_t index = 0;  // of a producer
  std::uint64_t number = 0;

  void write(Bytes message) const noexcept {
    const std::uint64_t word = std::uint64_t{index} << 48 | number;
    std::memcpy(message.data(), &word, sizeof word);
  }
  static CastHeader read(ConstBytes message) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, message.data(), sizeof word);
    return {.index = static_cast<std::uint16_t>(word >> 48), .number = word & kMostNumber};
  }
};

// CastPayload is what one seat's messages carry behind their header.
class CastPayload {
 public:
  // `writer` is the seat that sends; answers have the client's index.
  CastPayload(PayloadMode mode, std::uint64_t seed, Seat writer, std::size_t message_size) noexcept
      : payload_(mode, seed + writer.index * kGoldenGamma, writer.role),
        words_(payload_.words_in(message_size - CastHeader::kSize)) {}

  void write(Bytes message, std::uint64_t number) const noexcept {
    Payload::write_words(message.data() + CastHeader::kSize, words_, payload_.first_word(number));
  }
  bool check(ConstBytes message, std::uint64_t number) const noexcept {
    return Payload::check_words(message.data() + CastHeader::kSize, words_, payload_.first_word(number));
  }

 private:
  Payload payload_;
  Payload::Words words_;
};

}  // namespace ipcbench

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/measure/cast_log.h"
#include "scenarios/casts/seat_lane.h"

namespace ipcbench {

// Returns how many numberings of messages come to a consumer: one of each producer, or of each channel between two
// seats.
constexpr std::uint16_t senders_of(const Cast& cast) noexcept {
  return cast.channels != 0 ? cast.channels : cast.pattern.producers;
}
// Returns what the messages of each numbering carry.
std::vector<CastPayload> payloads_of_senders(const LoopSpec& spec, std::uint16_t senders);

// Receipts checks and counts what a seat receives of each sender: in order, nothing twice and, where every message
// comes to this seat, nothing lost. Counts are in the log if it has room for so
// many senders.
class Receipts {
 public:
  // `is_complete`: every message of a sender's numbering comes to this seat, so that a gap is a loss. What the sender
  // sends next then tells a lost message from a late one, if it sends without waiting for an answer.
  Receipts(const LoopSpec& spec, std::uint16_t senders, bool is_complete, bool sends_on, SeatLog& log);

  // Begins to count from 0. Slices are of the `expected` messages, or of what is guessed to come.
  void begin(std::uint64_t expected) noexcept;
  std::uint64_t count() const noexcept { return count_; }

  // Checks a message that is no end mark, and counts it.
  bool accept(CastHeader header, ConstBytes message, SeatLane& lane) noexcept;
  // Takes note of a sender's end mark: what is missing now is lost.
  bool accept_mark(SeatLane& lane) noexcept;

 private:
  bool refuse(CastHeader header, SeatLane& lane) noexcept;

  std::vector<CastPayload> payloads_;  // by sender
  std::vector<SenderCount> own_;       // where the log has no room
  std::span<SenderCount> counts_;      // by sender
  bool is_complete_;
  bool sends_on_;
  std::optional<CastHeader> missing_;  // the first message that didn't come in its turn
  SeatLog& log_;
  std::uint64_t expected_ = 0;
  std::uint64_t count_ = 0;
  std::size_t slice_ = 0;
  std::uint64_t end_of_slice_ = 0;
};

}  // namespace ipcbench

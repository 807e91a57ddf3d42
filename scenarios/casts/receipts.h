#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/measure/cast_log.h"
#include "scenarios/casts/seat_lane.h"

namespace ipcbench {

// Receipts checks and counts what a seat receives of each producer: in order, nothing twice and, where every message
// comes to this seat, nothing lost.
class Receipts {
 public:
  // `is_complete`: every message of a producer's numbering comes to this seat, so that a gap is a loss. What the
  // producer sends next then tells a lost message from a late one, if it sends without waiting for an answer.
  Receipts(const LoopSpec& spec, std::uint16_t producers, bool is_complete, bool sends_on, SeatLog& log);

  // Begins to count from 0. Slices are of the `expected` messages, or of what is guessed to come.
  void begin(std::uint64_t expected) noexcept;
  std::uint64_t count() const noexcept { return count_; }

  // Checks a message that is no end mark, and counts it.
  bool accept(CastHeader header, ConstBytes message, SeatLane& lane) noexcept;
  // Takes note of a producer's end mark: what is missing now is lost.
  bool accept_mark(SeatLane& lane) noexcept;

 private:
  bool refuse(CastHeader header, SeatLane& lane) noexcept;

  std::vector<CastPayload> payloads_;  // by the producer's index
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

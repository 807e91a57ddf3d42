#pragma once

#include <cstdint>
#include <memory>

#include "harness/measure/cast_log.h"
#include "scenarios/casts/cast_seat.h"

namespace ipcbench {

// SeatLoop is what a seat does in a batch. batch() returns false if the launch is over, and the log says why.
class SeatLoop {
 public:
  virtual ~SeatLoop() = default;
  // `number` counts batches from 1, the same for all seats. The block's times and counts are kept, those of other
  // batches are overwritten.
  virtual bool batch(std::uint64_t ops, std::uint32_t number) noexcept = 0;
  // Takes what is left over of the last batch, when all seats have met after it.
  virtual bool settle() noexcept { return true; }
  // Returns what this seat had used at the batch's end, right after it.
  virtual ResourceUsage usage_at_end(const ResourceUsage& /*before*/) const noexcept { return resource_usage(); }
};

// Make the loop of a seat: of messages one way, of notifications, of requests and answers, of turns with a lock. What
// the seat refers to must outlive it. Throw std::system_error, std::logic_error.
std::unique_ptr<SeatLoop> one_way_loop(const CastSeat& seat, Board& board, SeatLog& log);
std::unique_ptr<SeatLoop> notification_loop(const CastSeat& seat, Board& board, SeatLog& log);
std::unique_ptr<SeatLoop> served_loop(const CastSeat& seat, Board& board, SeatLog& log);
std::unique_ptr<SeatLoop> turns_loop(const CastSeat& seat, Board& board, SeatLog& log);

// Runs one seat of a launch: warm-up and block, or a pilot's batches. All seats meet between batches, so that each
// starts with empty channels. The block of an open loop goes by the seat's schedule.
void run_seat(const CastSeat& seat, Board& board, SeatLog& log);

}  // namespace ipcbench

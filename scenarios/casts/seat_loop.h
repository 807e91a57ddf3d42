#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "harness/measure/cast_log.h"
#include "harness/sdk/channel.h"
#include "scenarios/casts/links.h"

namespace ipcbench {

// CastSeat is what a seat needs to do its part.
struct CastSeat {
  Seat seat;
  const Cast& cast;
  const LoopSpec& spec;
  std::span<const Channel> channels;  // open, in the order of links_of()
};

// Returns the ops that a batch of about `ops` has: the same number of messages for every producer.
std::uint64_t whole_ops(const Cast& cast, std::uint64_t ops) noexcept;
// Returns the messages that each producer sends in a batch of `ops`.
std::uint64_t messages_each(const Cast& cast, std::uint64_t ops) noexcept;

// Return the messages of a batch of `ops` that come to a consumer from one producer, and from all. A producer that
// sends to its channels in turn begins with the one of its own index. Not for consumers that divide an object's
// messages.
std::uint64_t messages_from(const CastSeat& consumer, std::uint64_t ops, std::uint16_t producer) noexcept;
std::uint64_t messages_to(const CastSeat& consumer, std::uint64_t ops) noexcept;

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

// Make the loop of a seat: of messages one way, of notifications, of requests and answers. What the seat refers to must
// outlive it. Throw std::system_error, std::logic_error.
std::unique_ptr<SeatLoop> one_way_loop(const CastSeat& seat, Board& board, SeatLog& log);
std::unique_ptr<SeatLoop> notification_loop(const CastSeat& seat, Board& board, SeatLog& log);
std::unique_ptr<SeatLoop> served_loop(const CastSeat& seat, Board& board, SeatLog& log);

// Runs one seat of a launch: warm-up and block, or a pilot's batches. All seats meet between batches, so that each
// starts with empty channels.
void run_seat(const CastSeat& seat, Board& board, SeatLog& log);

}  // namespace ipcbench

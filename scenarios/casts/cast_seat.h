#pragma once

#include <cstdint>
#include <span>

#include "harness/measure/run_log.h"
#include "harness/sdk/channel.h"
#include "scenarios/casts/links.h"

namespace ipcbench {

class SeatSchedule;

// CastSeat is what a seat needs to do its part.
struct CastSeat {
  Seat seat;
  const Cast& cast;
  const LoopSpec& spec;
  std::span<const Channel> channels;  // open, in the order of links_of()
  SeatSchedule* schedule = nullptr;   // of an open loop; it must outlive the seat's loop
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

}  // namespace ipcbench

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/sdk/ticket.h"
#include "scenarios/list/cast.h"

// A cast is made of sessions, each of which one object or a pair of them stands behind. A mechanism knows nothing of
// casts but how many seats may have an object in common.

namespace ipcbench {

// Link is one seat's side of one session.
struct Link {
  std::size_t session = 0;       // its place in sessions_of()
  Seat seat = {};                // in that session
  std::uint16_t peer = 0;        // index of the seat at its other end; 0 if there are several
  bool carries_answers = false;  // apart from the link on which requests go
};

// Returns the seats of each session of a cast, by its place.
std::vector<Pattern> sessions_of(const Cast& cast);
// Returns the links of a seat, in the order in which it opens them, which is that of the sessions. Those on which it
// sends or receives messages come first, by the index of the peer.
std::vector<Link> links_of(const Cast& cast, Seat seat);

// Returns the channels that messages go by, of a cast with `channels`: evenly spread over all. Empty for other casts.
std::vector<std::uint16_t> active_channels(const Cast& cast);

// Returns whether several consumers divide the messages of one object, so that none of them knows how many it gets.
constexpr bool divides_messages(const Cast& cast) noexcept {
  return cast.pattern.sharing == Sharing::shared && cast.pattern.consumers > 1 && !cast.to_all;
}

// Returns all seats of a cast: producers, then consumers. place_of() returns a seat's place among them.
std::vector<Seat> seats_of(const Pattern& pattern);
constexpr std::size_t place_of(const Pattern& pattern, Seat seat) noexcept {
  return seat.role == Role::producer ? seat.index : std::size_t{pattern.producers} + seat.index;
}

}  // namespace ipcbench

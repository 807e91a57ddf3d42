#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "harness/floors/canary.h"
#include "harness/ipc/buffer_size.h"
#include "harness/measure/cast_log.h"
#include "harness/measure/stamps.h"
#include "harness/sdk/rendezvous.h"
#include "scenarios/casts/links.h"

namespace ipcbench {

// Holds what the coordinator and all workers of a launch with a cast share, zeroed at first. Behind it lie the seats'
// logs, by place, and the rendezvous cells of all sessions.
struct CastBlock {
  std::uint32_t gate;                      // futex word: 0 shut, 1 open
  std::array<CanaryLine, 2> canary_lines;  // before and after
  std::array<double, 2> canary_ns;         // by the producer; 0 where there is none
  std::array<BufferSizes, 2> buffers;      // of the first seat of each role, before it is ready
  Board board;

  std::span<SeatLog> logs(const Pattern& pattern) noexcept {
    return {reinterpret_cast<SeatLog*>(this + 1), pattern.seats()};
  }
  SeatLog& log(const Pattern& pattern, Seat seat) noexcept { return logs(pattern)[place_of(pattern, seat)]; }
  // Returns the cells of a session of a cast with `pattern`, behind those of the `before` seats of earlier sessions.
  RendezvousCell* cells(const Pattern& pattern, std::size_t before) noexcept {
    const std::span<SeatLog> all = logs(pattern);
    return reinterpret_cast<RendezvousCell*>(all.data() + all.size()) + before;
  }
  // Returns the stamps of an open loop's block of `ops`, behind the cells of all `seats` of sessions.
  Stamps stamps(const Pattern& pattern, std::size_t seats, std::uint64_t ops) noexcept {
    return stamps_at(reinterpret_cast<std::byte*>(cells(pattern, seats)), ops);
  }
};

// Stamps lie right behind the cells.
static_assert(sizeof(RendezvousCell) % alignof(std::uint64_t) == 0);

// Returns the bytes of a launch's memory but for stamps. `seats_of_sessions` counts a seat once for each of its
// sessions.
constexpr std::size_t cast_block_size(const Pattern& pattern, std::size_t seats_of_sessions) noexcept {
  return sizeof(CastBlock) + pattern.seats() * sizeof(SeatLog) + seats_of_sessions * sizeof(RendezvousCell);
}

}  // namespace ipcbench

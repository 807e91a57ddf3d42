#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "scenarios/casts/seat_loop.h"

namespace ipcbench {

// Calls `send(target)` for each message, with the seat's channels in turn from the one of its own index on, and times
// each by one clock reading. Returns false if a send did, and leaves first, last, sent and times in the log otherwise.
template <class Send>
bool time_sends(const CastSeat& seat, std::uint64_t messages, SeatLog& log, const Send& send) noexcept {
  const Clock clock = seat.spec.clock;
  const std::size_t channels = seat.channels.size();
  std::size_t target = seat.seat.index % channels;
  log.times = {};
  log.sent = 0;
  log.first = clock.begin();
  std::uint64_t begin = log.first;
  for (std::uint64_t i = 0; i < messages; ++i) {
    if (!send(target)) [[unlikely]]
      return false;
    target = target + 1 == channels ? 0 : target + 1;
    const std::uint64_t end = clock.end();
    log.times.record(clock.to_ns(end - begin));
    begin = end;
    std::atomic_ref(log.side.progress).store(log.side.progress + 1, std::memory_order_relaxed);
  }
  log.sent = messages;
  log.last = begin;
  return true;
}

}  // namespace ipcbench

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/measure/splitmix64.h"
#include "scenarios/casts/seat_loop.h"

namespace ipcbench {

// Targets says by which of its channels a producer sends next: by each in turn from the one of its own index on, or by
// one of the active channels, drawn from the seed.
class Targets {
 public:
  explicit Targets(const CastSeat& seat)
      : active_(active_channels(seat.cast)),
        draws_(seat.spec.seed),
        channels_(seat.channels.size()),
        next_(seat.seat.index % channels_) {}

  std::size_t next() noexcept {
    if (!active_.empty()) return active_[draws_.below(active_.size())];
    const std::size_t target = next_;
    next_ = next_ + 1 == channels_ ? 0 : next_ + 1;
    return target;
  }

 private:
  std::vector<std::uint16_t> active_;
  SplitMix64 draws_;
  std::size_t channels_;
  std::size_t next_;
};

// Calls `send(target)` for each message, and times each by one clock reading. Returns false if a send did, and leaves
// first, last, sent and times in the log otherwise.
template <class Send>
bool time_sends(const CastSeat& seat, std::uint64_t messages, SeatLog& log, const Send& send) noexcept {
  const Clock clock = seat.spec.clock;
  Targets targets(seat);
  log.times = {};
  log.sent = 0;
  log.first = clock.begin();
  std::uint64_t begin = log.first;
  for (std::uint64_t i = 0; i < messages; ++i) {
    if (!send(targets.next())) [[unlikely]]
      return false;
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

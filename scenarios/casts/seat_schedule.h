#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/measure/cast_log.h"
#include "harness/measure/pacer.h"
#include "harness/measure/stamps.h"
#include "scenarios/by_schedule.h"
#include "scenarios/casts/cast_message.h"
#include "scenarios/casts/cast_seat.h"

namespace ipcbench {

// SeatSchedule is a seat's part of the block of an open loop: a producer sends its share of the messages by planned
// times of its own, and a consumer stamps what comes. Each producer has as many messages, which lie one producer's
// behind another's in the stamps.
class SeatSchedule {
 public:
  // `all` are the stamps of all producers; they and the log must outlive it. There is one warm-up before the block.
  SeatSchedule(const CastSeat& seat, const Stamps& all, SeatLog& log);

  // Touches the stamps; a producer plans its times and measures what its pacer takes alone.
  void prepare() noexcept;
  // Begins the block, in which messages are due from `ticks` on.
  void begin(std::uint64_t ticks) noexcept { begin_ = ticks; }
  bool is_under_way() const noexcept { return begin_ != 0; }

  // Sends a producer's messages and notes them in the log. Returns false if `putter` did.
  template <Putter P>
  bool send(P& putter) noexcept {
    const std::uint64_t sleeps = pacer_->sleeps();
    log_.first = begin_;
    if (!send_by_schedule(putter, own_, *pacer_, clock_, begin_)) [[unlikely]]
      return false;
    log_.pacer.block_sleeps = pacer_->sleeps() - sleeps;
    log_.sent = own_.planned.size();
    log_.last = own_.ready.back();
    return true;
  }

  // Stamps a message that a consumer has taken.
  void stamp(CastHeader header) noexcept {
    const Numbering& numbers = numbering_[header.index];
    const std::uint64_t at = numbers.first_place + (header.number - numbers.first_number) * numbers.step;
    if (at < numbers.end_place) all_.received[static_cast<std::size_t>(at)] = clock_.end();
  }

 private:
  // Numbering tells the places of a producer's messages among all stamps from the numbers that a consumer sees.
  struct Numbering {
    std::uint64_t first_number = 0;  // of the block
    std::uint64_t first_place = 0;
    std::uint64_t step = 1;
    std::uint64_t end_place = 0;  // of the producer's messages
  };
  Numbering numbering_of(const CastSeat& seat, std::uint16_t producer) const noexcept;

  OpenLoop loop_;
  Clock clock_;
  Share share_;  // of a producer
  std::uint64_t seed_;
  Stamps all_, own_;  // own_: of a producer its messages', of a consumer what it stamps
  SeatLog& log_;
  std::optional<Pacer> pacer_;        // of a producer
  std::vector<Numbering> numbering_;  // of a consumer, by the producer's index
  std::uint64_t begin_ = 0;           // ticks; 0: the block isn't under way
};

}  // namespace ipcbench

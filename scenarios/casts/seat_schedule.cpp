#include "scenarios/casts/seat_schedule.h"

namespace ipcbench {

SeatSchedule::SeatSchedule(const CastSeat& seat, const Stamps& all, SeatLog& log)
    : loop_(open_loop(seat.spec.options)),
      clock_(seat.spec.clock),
      seed_(mix64(seat.spec.seed)),
      all_(all),
      own_{.received = all.received},
      log_(log) {
  const std::uint16_t producers = seat.cast.pattern.producers;
  if (seat.seat.role == Role::producer) {
    own_ = part_of(all, seat.seat.index, producers);
    share_ = {.index = seat.seat.index, .senders = producers, .messages = own_.planned.size()};
    pacer_.emplace(loop_.pacing, clock_);
    return;
  }
  for (std::uint16_t producer = 0; producer < producers; ++producer) numbering_.push_back(numbering_of(seat, producer));
}

void SeatSchedule::prepare() noexcept {
  touch(own_);
  if (!pacer_) return;
  log_.planned_end = plan(own_, clock_, Schedule(loop_, seed_, share_));
  if (loop_.rate_per_s == 0 || loop_.pacing != Pacing::sleep) return;
  enter_phase(log_.side, Phase::pacer_alone);
  measure_pacer_alone(*pacer_, clock_, own_.planned, log_.pacer);
}

// Consumers with a channel of their own get every so many of a producer's messages, which are numbered by channel.
// Those that divide an object's messages see the producer's own numbers.
SeatSchedule::Numbering SeatSchedule::numbering_of(const CastSeat& seat, std::uint16_t producer) const noexcept {
  const std::uint64_t each = all_.planned.size() / seat.cast.pattern.producers;
  const std::uint64_t warm_up = seat.spec.warmup_ops, begin = each * producer;
  if (divides_messages(seat.cast))
    return {.first_number = messages_each(seat.cast, warm_up), .first_place = begin, .end_place = begin + each};
  const std::uint64_t consumers = seat.cast.pattern.consumers;
  const std::uint64_t before = (seat.seat.index + consumers - producer % consumers) % consumers;
  return {.first_number = messages_from(seat, warm_up, producer),
          .first_place = begin + before,
          .step = consumers,
          .end_place = begin + each};
}

}  // namespace ipcbench

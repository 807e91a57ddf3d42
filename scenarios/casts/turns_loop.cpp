#include <atomic>

#include "harness/base/cpu_relax.h"
#include "scenarios/casts/seat_loop.h"
#include "scenarios/lane.h"

namespace ipcbench {
namespace {

// TurnsLoop takes the lock, holds it and gives it back until all seats together have taken as many turns as the batch
// has. The count that the lock guards tells when that is, so that every seat wants the lock until the last turn.
class TurnsLoop final : public SeatLoop {
 public:
  TurnsLoop(const CastSeat& seat, Board& board, SeatLog& log)
      : cast_(seat.cast),
        channel_(seat.channels.front()),
        clock_(seat.spec.clock),
        holder_(seat.seat.index + std::uint64_t{1}),
        guarded_(board.guarded),
        log_(log) {}

  bool batch(std::uint64_t ops, std::uint32_t) noexcept override {
    total_ = whole_ops(cast_, ops);
    log_.sent = 0;
    log_.last = 0;
    log_.first = clock_.begin();
    return log_.side.phase == Phase::stamped ? take_stamped_turns() : take_turns();
  }

 private:
  // Rule 4: nothing is timed between the block's ends.
  bool take_turns() noexcept {
    for (;;) {
      if (!lock()) [[unlikely]]
        return false;
      const std::uint64_t turns = begin_turn();
      if (turns >= total_) return unlock();
      if (!end_turn(turns) || !unlock()) [[unlikely]]
        return false;
      if (turns + 1 == total_) return note_last();
      compute(cast_.think_ns);
    }
  }

  // Times each wait, and each hand-over from a seat that gave the lock back while this one waited.
  bool take_stamped_turns() noexcept {
    log_.times = {};
    log_.handovers = {};
    for (;;) {
      const std::uint64_t wanted = clock_.begin();
      if (!lock()) [[unlikely]]
        return false;
      const std::uint64_t had = clock_.end();
      const std::uint64_t turns = begin_turn();
      if (turns >= total_) return unlock();
      log_.times.record(clock_.to_ns(had - wanted));
      note_handover(wanted, had);
      if (!end_turn(turns)) [[unlikely]]
        return false;
      guarded_.holder = holder_;
      guarded_.given_back = clock_.end();
      if (!unlock()) [[unlikely]]
        return false;
      if (turns + 1 == total_) return note_last();
      compute(cast_.think_ns);
    }
  }

  bool lock() noexcept {
    const IoStatus status = channel_.ops->lock(channel_.self);
    return status == IoStatus::ok || end_side(log_.side, status, log_.side.progress);
  }
  bool unlock() noexcept {
    const IoStatus status = channel_.ops->unlock(channel_.self);
    return status == IoStatus::ok || end_side(log_.side, status, log_.side.progress);
  }

  // Returns the turns so far. The hold lies between this and end_turn(), which finds another number if two seats have
  // the lock at once. What it doesn't see, the sum of all seats' turns tells.
  std::uint64_t begin_turn() const noexcept { return std::atomic_ref(guarded_.turns).load(std::memory_order_relaxed); }
  bool end_turn(std::uint64_t turns) noexcept {
    compute(cast_.hold_ns);
    const std::atomic_ref count(guarded_.turns);
    if (count.load(std::memory_order_relaxed) != turns) [[unlikely]]
      return end_side(log_.side, Failure::shared_lock, log_.side.progress);
    count.store(turns + 1, std::memory_order_relaxed);
    ++log_.sent;
    std::atomic_ref(log_.side.progress).store(log_.side.progress + 1, std::memory_order_relaxed);
    return true;
  }

  // The clocks of two CPUs may differ by less than the clock test allows: a hand-over then took no time.
  void note_handover(std::uint64_t wanted, std::uint64_t had) noexcept {
    if (guarded_.holder == 0 || guarded_.holder == holder_ || guarded_.given_back <= wanted) return;
    log_.handovers.record(had > guarded_.given_back ? clock_.to_ns(had - guarded_.given_back) : 0);
  }

  // Whoever has taken the last turn ends the block. A seat that comes later finds that none is left.
  bool note_last() noexcept {
    log_.last = clock_.end();
    return true;
  }

  void compute(std::uint64_t ns) const noexcept {
    if (ns == 0) return;
    const std::uint64_t begin = clock_.begin();
    while (clock_.to_ns(clock_.end() - begin) < ns) cpu_relax();
  }

  const Cast& cast_;
  Channel channel_;
  Clock clock_;
  std::uint64_t holder_;  // as in Guarded
  Guarded& guarded_;
  SeatLog& log_;
  std::uint64_t total_ = 0;  // turns of the batch
};

}  // namespace

std::unique_ptr<SeatLoop> turns_loop(const CastSeat& seat, Board& board, SeatLog& log) {
  return std::make_unique<TurnsLoop>(seat, board, log);
}

}  // namespace ipcbench

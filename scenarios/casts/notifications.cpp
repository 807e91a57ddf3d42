#include <algorithm>
#include <atomic>

#include "scenarios/casts/cast_rendezvous.h"
#include "scenarios/casts/mux.h"
#include "scenarios/casts/seat_loop.h"
#include "scenarios/casts/time_sends.h"
#include "scenarios/lane.h"

namespace ipcbench {
namespace {

// Returns whether a consumer knows how many notifications it gets: they don't merge, and come to it alone.
bool is_counted(const CastSeat& seat) { return !seat.spec.merges && !divides_messages(seat.cast); }

// Notifier is a producer that notifies its channels in turn, or all of them each time.
class Notifier final : public SeatLoop {
 public:
  Notifier(const CastSeat& seat, Board& board, SeatLog& log) : seat_(seat), board_(board), log_(log) {}

  bool batch(std::uint64_t ops, std::uint32_t number) noexcept override {
    const auto send = [this](std::size_t target) noexcept {
      return seat_.cast.to_all ? notify_all() : notify(seat_.channels[target]);
    };
    if (!time_sends(seat_, messages_each(seat_.cast, ops), log_, send)) return false;
    return end_batch(number);
  }

 private:
  bool notify(const Channel& channel) noexcept {
    const IoStatus status = channel.ops->notify(channel.self);
    return status == IoStatus::ok || end_side(log_.side, status, log_.side.progress);
  }
  bool notify_all() noexcept {
    return std::ranges::all_of(seat_.channels, [this](const Channel& channel) noexcept { return notify(channel); });
  }

  // Who ends last wakes consumers that don't know that nothing more comes, until all have seen it. None is woken as
  // long as consumers still take what was sent.
  bool end_batch(std::uint32_t number) noexcept {
    if (std::atomic_ref(board_.sending).fetch_sub(1) != 1) return true;
    std::atomic_ref(board_.all_sent).store(number, std::memory_order_seq_cst);
    if (is_counted(seat_)) return true;
    const std::atomic_ref ended(board_.ended);
    const std::atomic_ref taken(board_.taken);
    for (std::uint32_t seen = 0; (seen = ended.load()) < seat_.cast.pattern.consumers;) {
      const std::uint64_t taken_before = taken.load();
      wait_a_moment(&board_.ended, seen);
      if (ended.load() != seen || taken.load() != taken_before) continue;
      std::atomic_ref(board_.marks).fetch_add(seat_.channels.size());
      if (!notify_all()) return false;
    }
    return true;
  }

  CastSeat seat_;
  Board& board_;
  SeatLog& log_;
};

// Listener is a consumer. Notifications carry no sender: the counts of all consumers together are checked.
class Listener final : public SeatLoop {
 public:
  Listener(const CastSeat& seat, Board& board, SeatLog& log)
      : seat_(seat), board_(board), log_(log), clock_(seat.spec.clock), mux_(seat.channels, seat.cast.mux) {}

  bool batch(std::uint64_t ops, std::uint32_t number) noexcept override {
    total_ = whole_ops(seat_.cast, ops);
    expected_ = divides_ ? 0 : messages_to(seat_, ops);
    taken_ = published_ = 0;
    log_.last = log_.verified = 0;
    // Who doesn't know how many come awaits one at least: if nothing is left, a mark.
    for (bool is_over = is_counted_ && expected_ == 0; !is_over; is_over = has_ended(number)) {
      if (!await()) return false;
    }
    end_ = time_;
    std::atomic_ref(board_.noted).fetch_add(log_.verified);
    std::atomic_ref(board_.ended).fetch_add(1);
    futex_wake(&board_.ended);
    return true;
  }

  // Where marks came before the last notifications were taken, all that was taken counts. Takes the wake-ups that
  // nobody slept for, which the next batch must not count.
  bool settle() noexcept override {
    if (divides_ && std::atomic_ref(board_.noted).load() < total_ && log_.verified < taken_) {
      log_.verified = taken_;
      log_.last = end_;
    }
    const bool has_rest = divides_ && seat_.seat.index == 0;
    while (has_rest && std::atomic_ref(board_.taken).load() < total_ + board_.marks) {
      if (!await()) return false;
      add_to_board();
    }
    return true;
  }

 private:
  bool await() noexcept {
    const std::size_t at = mux_.wait();
    if (at == Mux::failed()) [[unlikely]]
      return end_side(log_.side, IoStatus::failed, log_.side.progress);
    const Channel& channel = seat_.channels[at];
    const Awaited awaited = channel.ops->await(channel.self);
    if (awaited.status != IoStatus::ok) [[unlikely]]
      return end_side(log_.side, awaited.status, log_.side.progress);
    taken_ += awaited.count;
    std::atomic_ref(log_.side.progress).store(log_.side.progress + awaited.count, std::memory_order_relaxed);
    if (!is_counted_ || taken_ >= expected_) time_ = clock_.end();
    return true;
  }

  // Judges what was taken last; returns whether the batch has ended.
  bool has_ended(std::uint32_t number) noexcept {
    if (is_counted_) return taken_ >= expected_ && note();
    const bool all_sent = std::atomic_ref(board_.all_sent).load(std::memory_order_seq_cst) == number;
    // From the first mark on nothing tells a notification from a mark. Where they merge, the first can't be one.
    const bool may_be_mark = std::atomic_ref(board_.marks).load(std::memory_order_seq_cst) != 0;
    const bool is_first = seat_.spec.merges && log_.verified == 0 && expected_ != 0;
    if (!may_be_mark || is_first) note();
    return all_sent && (seat_.spec.merges || add_to_board() >= total_);
  }

  // Keeps what was taken so far, and when. Returns true.
  bool note() noexcept {
    log_.last = time_;
    log_.verified = taken_;
    return true;
  }

  // Adds what is new to what all have taken; returns that.
  std::uint64_t add_to_board() noexcept {
    const std::uint64_t fresh = taken_ - published_;
    published_ = taken_;
    return std::atomic_ref(board_.taken).fetch_add(fresh) + fresh;
  }

  CastSeat seat_;
  Board& board_;
  SeatLog& log_;
  Clock clock_;
  Mux mux_;
  bool is_counted_ = is_counted(seat_);
  bool divides_ = !is_counted_ && !seat_.spec.merges;  // others take from the same object
  std::uint64_t time_ = 0;                             // ticks, of the last await
  std::uint64_t end_ = 0;                              // ticks, of the batch's last await
  std::uint64_t total_ = 0;                            // notifications of the batch, to all consumers
  std::uint64_t expected_ = 0;                         // by this one
  std::uint64_t taken_ = 0;                            // by this one
  std::uint64_t published_ = 0;                        // of these on the board
};

}  // namespace

std::unique_ptr<SeatLoop> notification_loop(const CastSeat& seat, Board& board, SeatLog& log) {
  if (seat.seat.role == Role::producer) return std::make_unique<Notifier>(seat, board, log);
  return std::make_unique<Listener>(seat, board, log);
}

}  // namespace ipcbench

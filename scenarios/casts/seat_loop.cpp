#include "scenarios/casts/seat_loop.h"

#include <algorithm>
#include <atomic>

#include "scenarios/casts/cast_rendezvous.h"
#include "scenarios/casts/seat_schedule.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kFirstPilotOps = 20;
constexpr std::uint64_t kLeadOfASeatNs = 100'000;

// SeatRun takes a seat through its batches.
class SeatRun {
 public:
  SeatRun(const CastSeat& seat, Board& board, SeatLog& log)
      : seat_(seat), spec_(seat.spec), board_(board), log_(log), loop_(make_loop(seat, board, log)) {}

  void measure() {
    enter_phase(log_.side, Phase::warm_up);
    if (!batch(spec_.warmup_ops)) return;
    if (seat_.schedule != nullptr) {
      prepare_schedule();
    } else if (seat_.cast.pattern.is_lock()) {
      if (leads()) board_.batch_ops = stamped_turns();
      meet();
      enter_phase(log_.side, Phase::stamped);
      if (!batch(board_.batch_ops)) return;
      if (leads()) keep_stamped();
      enter_phase(log_.side, Phase::unstamped);
    } else {
      enter_phase(log_.side, spec_.has_answers() ? Phase::unstamped : Phase::streaming);
    }
    if (!batch(spec_.block_ops)) return;
    log_.side.last_cpu = resource_usage().cpu;
  }

  void pilot() {
    enter_phase(log_.side, Phase::pilot);
    for (std::uint64_t ops = kFirstPilotOps; ops != 0;) {
      if (!batch(ops)) return;
      if (leads()) board_.batch_ops = after_pilot(ops);
      meet();
      ops = board_.batch_ops;
    }
  }

 private:
  static std::unique_ptr<SeatLoop> make_loop(const CastSeat& seat, Board& board, SeatLog& log) {
    if (seat.cast.pattern.is_lock()) return turns_loop(seat, board, log);
    if (seat.cast.has_answers) return served_loop(seat, board, log);
    const bool notifies = seat.channels.front().ops->notify != nullptr;
    return notifies ? notification_loop(seat, board, log) : one_way_loop(seat, board, log);
  }

  // Returns the turns of a lock's stamped block, which lasts about as long as the one without stamps: reading the clock
  // may take several times as long as a turn. The warm-up says how long that is.
  std::uint64_t stamped_turns() const noexcept {
    constexpr std::uint64_t kReadings = 1000, kReadingsOfATurn = 3;
    const std::uint64_t begin = spec_.clock.begin();
    for (std::uint64_t i = 1; i < kReadings; ++i) static_cast<void>(spec_.clock.end());
    const auto stamps = static_cast<double>((spec_.clock.end() - begin) * kReadingsOfATurn) / kReadings;
    const auto turn = static_cast<double>(board_.last - std::min(board_.first, board_.last)) /
                      static_cast<double>(whole_ops(seat_.cast, spec_.warmup_ops));
    return static_cast<std::uint64_t>(static_cast<double>(spec_.block_ops) * turn / (turn + stamps));
  }

  // Keeps what the stamped block of a lock has come to. The block without stamps follows, so that its usage is what
  // the logs hold in the end.
  void keep_stamped() noexcept {
    board_.stamped_turns = board_.guarded.turns;
    board_.stamped_ns = spec_.clock.to_ns(board_.last - std::min(board_.first, board_.last));
  }

  // The block begins once all seats have planned it, and a moment later for each seat that has to wake up.
  void prepare_schedule() {
    seat_.schedule->prepare();
    enter_phase(log_.side, Phase::scheduled);
    meet();
    if (leads()) board_.begin = soon(spec_.clock, kLeadNs + kLeadOfASeatNs * seat_.cast.pattern.seats());
    has_begun_ = true;
  }

  bool leads() const { return seat_.seat == Seat{}; }
  void meet() { ipcbench::meet(board_, seat_.cast.pattern.seats()); }

  bool batch(std::uint64_t ops) {
    if (leads()) {
      board_.sending = seat_.cast.pattern.producers;
      board_.ended = 0;
      board_.taken = 0;
      board_.noted = 0;
      board_.marks = 0;
      board_.first = UINT64_MAX;
      board_.last = 0;
      board_.guarded = {};
    }
    meet();
    if (has_begun_) seat_.schedule->begin(board_.begin);
    const bool reads_broker = spec_.broker != 0 && leads();
    if (reads_broker) board_.broker_before = process_usage(spec_.broker);
    log_.side.before = resource_usage();
    if (!loop_->batch(ops, ++batches_)) return false;
    log_.side.after = loop_->usage_at_end(log_.side.before);
    note_times();
    meet();
    if (reads_broker) board_.broker_after = process_usage(spec_.broker);
    if (!loop_->settle()) return false;
    meet();
    return true;
  }

  // A pilot's batch has its times on the board, and so have a lock's: no seat looks into another's log.
  void note_times() {
    if (spec_.pilot_ns == 0 && !seat_.cast.pattern.is_lock()) return;
    const auto move = [](std::uint64_t& place, std::uint64_t value, auto is_better) {
      const std::atomic_ref ref(place);
      for (std::uint64_t seen = ref.load(); is_better(value, seen) && !ref.compare_exchange_weak(seen, value);) {
      }
    };
    if (seat_.seat.role == Role::producer) move(board_.first, log_.first, std::less<>{});
    move(board_.last, log_.last, std::greater<>{});
  }

  // Returns the ops of the pilot's next batch: at least doubled, at most ten times as many, since the first batches run
  // cold and say little. Two batches must be long enough, since a short one is long where a seat was held up.
  std::uint64_t after_pilot(std::uint64_t ops) {
    board_.pilot_ops = whole_ops(seat_.cast, ops);
    board_.pilot_ticks = board_.last - std::min(board_.first, board_.last);
    const std::uint64_t ns = std::max<std::uint64_t>(spec_.clock.to_ns(board_.pilot_ticks), 1);
    if (ns >= spec_.pilot_ns && ++long_batches_ == 2) return 0;
    return ops * std::clamp<std::uint64_t>(2 * spec_.pilot_ns / ns, ns < spec_.pilot_ns ? 2 : 1, 10);
  }

  const CastSeat& seat_;
  const LoopSpec& spec_;
  Board& board_;
  SeatLog& log_;
  std::unique_ptr<SeatLoop> loop_;
  std::uint32_t batches_ = 0;
  int long_batches_ = 0;    // of a pilot
  bool has_begun_ = false;  // an open loop's block
};

}  // namespace

void run_seat(const CastSeat& seat, Board& board, SeatLog& log) {
  SeatRun run(seat, board, log);
  if (seat.spec.pilot_ns != 0) {
    run.pilot();
  } else {
    run.measure();
  }
}

}  // namespace ipcbench

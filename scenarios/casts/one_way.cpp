#include <array>
#include <atomic>
#include <vector>

#include "harness/memory/futex.h"
#include "scenarios/casts/cast_rendezvous.h"
#include "scenarios/casts/mux.h"
#include "scenarios/casts/receipts.h"
#include "scenarios/casts/seat_loop.h"
#include "scenarios/casts/seat_schedule.h"
#include "scenarios/casts/time_sends.h"
#include "scenarios/streaming.h"

namespace ipcbench {
namespace {

// Returns whether the batch is the block of an open loop.
bool is_scheduled(const CastSeat& seat) noexcept { return seat.schedule != nullptr && seat.schedule->is_under_way(); }

// Sender is a producer that sends to its channels in turn, or each message to all of them.
class Sender final : public SeatLoop {
 public:
  Sender(const CastSeat& seat, Board& board, SeatLog& log)
      : seat_(seat),
        board_(board),
        log_(log),
        lane_(seat.spec.message_size, log.side),
        payloads_(own_payloads(seat)),
        next_(seat.channels.size()),
        marked_(active_channels(seat.cast)) {
    if (!marked_.empty()) return;
    for (std::uint16_t target = 0; target < next_.size(); ++target) marked_.push_back(target);
  }

  bool batch(std::uint64_t ops, std::uint32_t number) noexcept override {
    const auto send = [this](std::size_t target) noexcept { return seat_.cast.to_all ? put_to_all() : put(target); };
    const bool all_sent =
        is_scheduled(seat_) ? send_scheduled() : time_sends(seat_, messages_each(seat_.cast, ops), log_, send);
    if (!all_sent) return false;
    used_ = resource_usage();
    return end_batch(number);
  }

  // Marks are no part of the batch.
  ResourceUsage usage_at_end(const ResourceUsage&) const noexcept override { return used_; }

 private:
  // In an open loop each message goes to one consumer.
  struct NextPutter {
    bool put() noexcept {
      if (!sender.put(target)) [[unlikely]]
        return false;
      target = target + 1 == sender.next_.size() ? 0 : target + 1;
      return true;
    }
    Sender& sender;
    std::size_t target;
  };
  bool send_scheduled() noexcept {
    NextPutter putter{.sender = *this, .target = seat_.seat.index % next_.size()};
    return seat_.schedule->send(putter);
  }

  bool put(std::size_t target) noexcept { return put(target, next_[target]++); }
  bool put(std::size_t target, std::uint64_t number) noexcept {
    const CastHeader header{.index = sender_at(target), .number = number};
    return lane_.put(seat_.channels[target], header, payloads_[payloads_.size() == 1 ? 0 : target]);
  }
  bool put_to_all() noexcept {
    for (std::size_t target = 0; target < next_.size(); ++target) {
      if (!put(target)) [[unlikely]]
        return false;
    }
    return true;
  }

  static std::vector<CastPayload> own_payloads(const CastSeat& seat) {
    if (seat.cast.channels != 0) return payloads_of_senders(seat.spec, senders_of(seat.cast));
    return {CastPayload(seat.spec.payload, seat.spec.seed, seat.seat, seat.spec.message_size)};
  }

  // Each of many channels has numbers and payload of its own, as if it were a sender.
  std::uint16_t sender_at(std::size_t target) const noexcept {
    return seat_.cast.channels != 0 ? static_cast<std::uint16_t>(target) : seat_.seat.index;
  }

  // Receivers of an object of their own wait for a mark of each sender: a broker keeps no order between senders. Those
  // that share one get a mark each from who ends last, behind all messages.
  bool end_batch(std::uint32_t number) noexcept {
    const bool is_last = std::atomic_ref(board_.sending).fetch_sub(1) == 1;
    if (is_last) std::atomic_ref(board_.all_sent).store(number, std::memory_order_release);
    if (seat_.channels.front().ops->may_lose) return true;
    if (seat_.cast.channels != 0) {
      if (consumer_has_all()) return true;
      std::atomic_ref(board_.marks).store(marked_.size());
    }
    const bool is_divided = divides_messages(seat_.cast);
    if (is_divided && !is_last) return true;
    const std::size_t marks = is_divided ? seat_.cast.pattern.consumers : 1;
    for (const std::uint16_t target : marked_) {
      for (std::size_t i = 0; i < marks; ++i) {
        if (!put(target, CastHeader::kEndMark)) [[unlikely]]
          return false;
      }
    }
    return true;
  }

  // Marks on each of many channels would be as many as the messages of a short batch. They are sent only if the
  // consumer still waits after 100 ms, and tell it then whether anything was lost.
  bool consumer_has_all() noexcept {
    constexpr int kMoments = 100;
    const std::atomic_ref ended(board_.ended);
    for (int i = 0; i < kMoments && ended.load() == 0; ++i) wait_a_moment(&board_.ended, 0);
    return ended.load() != 0;
  }

  CastSeat seat_;
  Board& board_;
  SeatLog& log_;
  SeatLane lane_;
  std::vector<CastPayload> payloads_;  // by channel between two seats; else one for all
  std::vector<std::uint64_t> next_;    // number of the next message to each channel
  std::vector<std::uint16_t> marked_;  // channels that get an end mark
  ResourceUsage used_{};               // after the last message
};

// Receiver is a consumer, which takes messages until the marks of their end have come. Of many channels it takes as
// many as it knows to come.
class Receiver final : public SeatLoop {
 public:
  Receiver(const CastSeat& seat, Board& board, SeatLog& log)
      : seat_(seat),
        board_(board),
        log_(log),
        clock_(seat.spec.clock),
        divides_(divides_messages(seat.cast)),
        lane_(seat.spec.message_size, log.side),
        receipts_(seat.spec, senders_of(seat.cast), !divides_, true, log),
        mux_(seat.channels, seat.cast.mux) {}

  bool batch(std::uint64_t ops, std::uint32_t) noexcept override {
    const std::uint64_t expected = expected_of(ops);
    receipts_.begin(expected);
    log_.last = 0;
    marks_ = divides_ ? 1 : seat_.cast.channels != 0 ? seat_.cast.active : seat_.cast.pattern.producers;
    const bool has_many = seat_.cast.channels != 0;
    while (marks_ != 0 && !(has_many && receipts_.count() == expected)) {
      const std::size_t at = mux_.wait();
      if (at == Mux::failed()) [[unlikely]]
        return lane_.fail(IoStatus::failed, log_.side.progress);
      if (!take(seat_.channels[at])) [[unlikely]]
        return false;
      if (divides_ || receipts_.count() == expected) note_last();
    }
    log_.verified = receipts_.count();
    if (has_many) {
      std::atomic_ref(board_.ended).store(1);
      futex_wake(&board_.ended);
    }
    return divides_ || log_.verified == expected || lane_.fail(Failure::lost, log_.side.progress);
  }

  // Takes the marks that came although nothing was missing.
  bool settle() noexcept override {
    if (seat_.cast.channels == 0 || std::atomic_ref(board_.marks).load() == 0) return true;
    while (marks_ != 0) {
      const std::size_t at = mux_.wait();
      if (at == Mux::failed()) return lane_.fail(IoStatus::failed, log_.side.progress);
      if (!take(seat_.channels[at])) return false;
    }
    return true;
  }

  ResourceUsage usage_at_end(const ResourceUsage&) const noexcept override {
    return divides_ || log_.verified == 0 ? resource_usage() : used_;
  }

 private:
  bool take(const Channel& channel) noexcept {
    ConstBytes message;
    if (!lane_.take(channel, message)) [[unlikely]]
      return false;
    const CastHeader header = CastHeader::read(message);
    bool is_good = true;
    if (header.number == CastHeader::kEndMark) [[unlikely]] {
      --marks_;
      is_good = receipts_.accept_mark(lane_);
    } else {
      is_good = receipts_.accept(header, message, lane_);
      if (is_good && is_scheduled(seat_)) seat_.schedule->stamp(header);
    }
    lane_.release(channel, message);
    return is_good;
  }

  // Reads the clock once a message where it isn't known which one is the last, and else once a block.
  void note_last() noexcept {
    if (receipts_.count() == noted_count_) return;
    noted_count_ = receipts_.count();
    log_.last = clock_.end();
    if (!divides_) used_ = resource_usage();
  }

  // Returns how many messages come to this seat, or its share where several divide them.
  std::uint64_t expected_of(std::uint64_t ops) noexcept {
    noted_count_ = 0;
    const Pattern& pattern = seat_.cast.pattern;
    if (divides_) return messages_each(seat_.cast, ops) * pattern.producers / pattern.consumers;
    return messages_to(seat_, ops);
  }

  CastSeat seat_;
  Board& board_;
  SeatLog& log_;
  Clock clock_;
  bool divides_;
  SeatLane lane_;
  Receipts receipts_;
  Mux mux_;
  std::size_t marks_ = 0;  // that are still to come
  ResourceUsage used_{};   // after the last message, where it is known which one that is
  std::uint64_t noted_count_ = 0;
};

// LossyReceiver is a consumer of channels that may lose messages, marks too. A batch ends when the last message of
// every producer has come, or when nothing has come for a while after all were sent.
class LossyReceiver final : public SeatLoop {
 public:
  LossyReceiver(const CastSeat& seat, Board& board, SeatLog& log)
      : seat_(seat),
        board_(board),
        log_(log),
        clock_(seat.spec.clock),
        divides_(divides_messages(seat.cast)),
        lane_(seat.spec.message_size, log.side),
        receipts_(seat.spec, senders_of(seat.cast), false, true, log),
        mux_(seat.channels, seat.cast.mux),
        ends_(seat.cast.pattern.producers) {}

  bool batch(std::uint64_t ops, std::uint32_t number) noexcept override {
    begin(ops);
    for (silences_ = 0; lasts_ != 0 && silences_ < kSilences;) {
      const std::size_t at = mux_.wait();
      if (at == Mux::failed()) [[unlikely]]
        return lane_.fail(IoStatus::failed, log_.side.progress);
      if (at == Mux::silent()) {
        note_silence(number);
      } else if (take(seat_.channels[at])) {
        silences_ = 0;
      } else if (lane_.was_silent()) {
        note_silence(number);
      } else {
        return false;
      }
    }
    log_.verified = receipts_.count();
    return true;
  }

  // Estimates what this seat had used at its last message: one silence before the end of the first one.
  ResourceUsage usage_at_end(const ResourceUsage& before) const noexcept override {
    return silences_ == 0 ? resource_usage() : usage_before_interval(before, silent_[0], silent_[1]);
  }

 private:
  void begin(std::uint64_t ops) noexcept {
    receipts_.begin(divides_ ? messages_each(seat_.cast, ops) * ends_.size() / seat_.cast.pattern.consumers
                             : messages_to(seat_, ops));
    lasts_ = divides_ ? ends_.size() : 0;
    for (std::uint16_t producer = 0; producer < ends_.size(); ++producer) {
      const std::uint64_t messages = divides_ ? messages_each(seat_.cast, ops) : messages_from(seat_, ops, producer);
      ends_[producer] += messages;
      if (!divides_ && messages != 0) ++lasts_;
    }
    log_.last = 0;
  }

  bool take(const Channel& channel) noexcept {
    ConstBytes message;
    if (!lane_.take(channel, message)) [[unlikely]]
      return false;
    const CastHeader header = CastHeader::read(message);
    const bool is_good = receipts_.accept(header, message, lane_);
    lane_.release(channel, message);
    if (!is_good) [[unlikely]]
      return false;
    if (is_scheduled(seat_)) seat_.schedule->stamp(header);
    log_.last = clock_.end();
    if (header.number + 1 < ends_[header.index]) [[likely]]
      return true;
    if (header.number >= ends_[header.index]) [[unlikely]]
      return lane_.fail(Failure::corrupted, header.number);
    if (!divides_) --lasts_;
    return true;
  }

  // Counts silences in a row since all were sent.
  void note_silence(std::uint32_t number) noexcept {
    if (std::atomic_ref(board_.all_sent).load(std::memory_order_acquire) != number) return;
    if (++silences_ <= 2) silent_[static_cast<std::size_t>(silences_ - 1)] = resource_usage();
  }

  CastSeat seat_;
  Board& board_;
  SeatLog& log_;
  Clock clock_;
  bool divides_;
  SeatLane lane_;
  Receipts receipts_;
  Mux mux_;
  std::vector<std::uint64_t> ends_;  // by producer: the number after its last message of the batch
  std::size_t lasts_ = 0;            // producers whose last message may still come
  int silences_ = 0;
  std::array<ResourceUsage, 2> silent_{};  // after the first two
};

}  // namespace

std::unique_ptr<SeatLoop> one_way_loop(const CastSeat& seat, Board& board, SeatLog& log) {
  if (seat.seat.role == Role::producer) return std::make_unique<Sender>(seat, board, log);
  if (seat.channels.front().ops->may_lose) return std::make_unique<LossyReceiver>(seat, board, log);
  return std::make_unique<Receiver>(seat, board, log);
}

}  // namespace ipcbench

#include <time.h>

#include <atomic>
#include <vector>

#include "harness/base/cpu_relax.h"
#include "scenarios/casts/mux.h"
#include "scenarios/casts/receipts.h"
#include "scenarios/casts/seat_loop.h"

namespace ipcbench {
namespace {

// ClientLoop is a producer's, which asks and waits for the answer before it asks again.
class ClientLoop final : public SeatLoop {
 public:
  ClientLoop(const CastSeat& seat, SeatLog& log)
      : seat_(seat),
        log_(log),
        clock_(seat.spec.clock),
        lane_(seat.spec.message_size, log.side),
        requests_(seat.spec.payload, seat.spec.seed, seat.seat, seat.spec.message_size),
        answers_(seat.spec.payload, seat.spec.seed, peer_of(seat.seat), seat.spec.message_size),
        patience_(kPatience + 2 * seat.cast.pattern.producers * seat.cast.service_ns / kSilenceNs) {}

  bool batch(std::uint64_t ops, std::uint32_t) noexcept override {
    const std::uint64_t requests = messages_each(seat_.cast, ops);
    log_.times = {};
    log_.verified = 0;
    log_.first = clock_.begin();
    std::uint64_t begin = log_.first;
    for (std::uint64_t i = 0; i < requests; ++i) {
      if (!ask()) [[unlikely]]
        return false;
      const std::uint64_t end = clock_.end();
      log_.times.record(clock_.to_ns(end - begin));
      begin = end;
    }
    log_.sent = log_.verified = requests;
    log_.last = begin;
    if (seat_.channels.front().ops->may_lose) return true;
    const CastHeader mark{.index = seat_.seat.index, .number = CastHeader::kEndMark};
    return lane_.put(seat_.channels.front(), mark, requests_);
  }

 private:
  // A channel that may lose messages is silent for 10 ms or more at a time.
  static constexpr std::uint64_t kSilenceNs = 10'000'000;
  static constexpr std::uint64_t kPatience = 100;  // silences

  bool ask() noexcept {
    const CastHeader asked{.index = seat_.seat.index, .number = next_};
    if (!lane_.put(seat_.channels.front(), asked, requests_)) [[unlikely]]
      return false;
    ConstBytes answer;
    const Channel& channel = seat_.channels.back();
    if (!await(channel, answer)) [[unlikely]]
      return false;
    const CastHeader header = CastHeader::read(answer);
    const bool is_whole = answers_.check(answer, header.number);
    lane_.release(channel, answer);
    if (!is_whole || header.index != asked.index) [[unlikely]]
      return lane_.fail(Failure::corrupted, next_);
    if (header.number != asked.number) [[unlikely]]
      return lane_.fail(header.number < asked.number ? Failure::duplicated : Failure::lost, next_);
    std::atomic_ref(log_.side.progress).store(++next_, std::memory_order_relaxed);
    return true;
  }

  // Takes the answer. It is lost, or its request is, if none comes for a second and twice the time in which all clients
  // are served.
  bool await(const Channel& channel, ConstBytes& answer) noexcept {
    for (std::uint64_t silences = 0; !lane_.take(channel, answer);) {
      if (!lane_.was_silent()) return false;
      if (++silences == patience_) return lane_.fail(Failure::lost, next_);
    }
    return true;
  }

  CastSeat seat_;
  SeatLog& log_;
  Clock clock_;
  SeatLane lane_;
  CastPayload requests_, answers_;
  std::uint64_t patience_;  // silences after which an answer is lost
  std::uint64_t next_ = 0;  // number of the next request
};

// ServerLoop is the consumer's, which answers each request after its work on it.
class ServerLoop final : public SeatLoop {
 public:
  ServerLoop(const CastSeat& seat, SeatLog& log)
      : seat_(seat),
        log_(log),
        clock_(seat.spec.clock),
        lane_(seat.spec.message_size, log.side),
        receipts_(seat.spec, seat.cast.pattern.producers, true, false, log),
        mux_(request_channels(seat)) {
    for (std::uint16_t client = 0; client < seat.cast.pattern.producers; ++client) {
      const Seat writer{.role = Role::consumer, .index = client};
      answers_.emplace_back(seat.spec.payload, seat.spec.seed, writer, seat.spec.message_size);
    }
  }

  bool batch(std::uint64_t ops, std::uint32_t) noexcept override {
    const std::uint64_t expected = messages_each(seat_.cast, ops) * seat_.cast.pattern.producers;
    receipts_.begin(expected);
    // A mark could be lost where messages can, and comes behind all requests where they can't.
    const bool may_lose = seat_.channels.front().ops->may_lose;
    for (std::size_t marks = seat_.cast.pattern.producers; may_lose ? receipts_.count() < expected : marks != 0;) {
      const std::size_t at = mux_.wait();
      if (at == Mux::failed()) [[unlikely]]
        return lane_.fail(IoStatus::failed, log_.side.progress);
      if (at == Mux::silent()) continue;
      CastHeader header;
      if (!take(seat_.channels[at], header)) [[unlikely]]
        return false;
      if (header.number == CastHeader::kEndMark) {
        --marks;
        continue;
      }
      work();
      if (!lane_.put(answer_channel(header.index), header, answers_[header.index])) [[unlikely]]
        return false;
    }
    log_.last = clock_.end();
    log_.verified = receipts_.count();
    return log_.verified == expected || lane_.fail(Failure::lost, log_.side.progress);
  }

 private:
  static std::span<const Channel> request_channels(const CastSeat& seat) {
    return seat.cast.pattern.sharing == Sharing::per_peer ? seat.channels : seat.channels.first(1);
  }

  bool take(const Channel& channel, CastHeader& header) noexcept {
    ConstBytes request;
    while (!lane_.take(channel, request)) {
      if (!lane_.was_silent()) [[unlikely]]
        return false;
    }
    header = CastHeader::read(request);
    const bool is_good = header.number == CastHeader::kEndMark || receipts_.accept(header, request, lane_);
    lane_.release(channel, request);
    return is_good;
  }

  const Channel& answer_channel(std::uint16_t client) const noexcept {
    if (seat_.cast.pattern.sharing == Sharing::per_peer) return seat_.channels[client];
    return seat_.cast.answers_back ? seat_.channels.front() : seat_.channels[client + std::size_t{1}];
  }

  void work() const noexcept {
    const std::uint64_t ns = seat_.cast.service_ns;
    if (ns == 0) return;
    if (seat_.cast.service_sleeps) {
      const timespec time{.tv_sec = 0, .tv_nsec = static_cast<long>(ns)};
      ::clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nullptr);
      return;
    }
    const std::uint64_t begin = clock_.begin();
    while (clock_.to_ns(clock_.end() - begin) < ns) cpu_relax();
  }

  CastSeat seat_;
  SeatLog& log_;
  Clock clock_;
  SeatLane lane_;
  Receipts receipts_;
  Mux mux_;
  std::vector<CastPayload> answers_;  // by the client's index
};

}  // namespace

std::unique_ptr<SeatLoop> served_loop(const CastSeat& seat, Board&, SeatLog& log) {
  if (seat.seat.role == Role::producer) return std::make_unique<ClientLoop>(seat, log);
  return std::make_unique<ServerLoop>(seat, log);
}

}  // namespace ipcbench

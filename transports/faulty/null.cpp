// This is no mechanism: it shows what a loop, its payload and its clock take by themselves. Nothing passes between the
// processes. Each side writes by itself what its peer would have sent, where the peer would have written it.
// "busy-alone" adds the consumer's work, done by the producer where the consumer would have done it.

#include <optional>

#include "harness/sdk/simple_transport.h"
#include "scenarios/bind.h"
#include "transports/faulty/busy_wait.h"

namespace ipcbench {
namespace {

// The endpoint plays a consumer that is busy for kBusyNs of each round trip, or not at all (0).
template <std::uint64_t kBusyNs>
class AloneEndpoint {
 public:
  explicit AloneEndpoint(std::size_t message_size)
      : out_(Mapping::private_anonymous(message_size)), in_(Mapping::private_anonymous(message_size)) {}

  void prepare(Role role, const LoopSpec& spec) noexcept {
    peer_.emplace(spec.payload, spec.seed, other(role));
    asks_ = role == Role::producer;
    size_ = spec.size_from(other(role));
  }

  Loan loan(std::size_t n) noexcept { return {IoStatus::ok, {out_.data(), n}}; }
  IoStatus publish(Bytes) noexcept { return IoStatus::ok; }
  View acquire() noexcept {
    const Bytes message(in_.data(), size_);
    if constexpr (kBusyNs > 0) {
      if (asks_) busy_wait(kBusyNs);
    }
    peer_->write(message, next_++);
    return {IoStatus::ok, message};
  }
  void release(ConstBytes) noexcept {}

 private:
  Mapping out_;
  Mapping in_;
  std::optional<Payload> peer_;
  std::size_t size_ = 0;
  std::uint64_t next_ = 0;
  bool asks_ = false;
};

// AloneSession owns nothing: the two sides share nothing.
class AloneSession final : public Session {
 public:
  Ticket ticket(Seat) override { return {}; }
};

template <std::uint64_t kBusyNs>
class AloneTransport final : public SimpleTransport<AloneSession> {
 public:
  // Neither side ever waits for the other.
  AloneTransport(std::string_view name, std::string_view summary)
      : SimpleTransport({.name = name,
                         .family = "testing",
                         .row = "",
                         .summary = summary,
                         .man = "",
                         .hidden = true,
                         .capabilities = {.shape = Shape::loan,
                                          .direction = Direction::two_way,
                                          .keeps_boundaries = true,
                                          .related_only = true},
                         .waits = {WaitStrategy::spin}}) {}

  std::unique_ptr<Endpoint> join(Ticket, const SeatConfig& config) const override {
    return bind_endpoint<AloneEndpoint<kBusyNs>>(config.message_size);
  }
};

}  // namespace

const Transport& transport_null() {
  static const AloneTransport<0> transport("null", "nothing: the cost of the measuring loop itself");
  return transport;
}

const Transport& transport_busy_alone_20us() {
  static const AloneTransport<20'000> transport("busy-alone-20us", "the same with 20 us of work");
  return transport;
}

const Transport& transport_busy_alone() {
  static const AloneTransport<10'000> transport("busy-alone", "the producer does a consumer's 10 us of work itself");
  return transport;
}

}  // namespace ipcbench

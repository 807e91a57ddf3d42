// No mechanism at all: what a loop, its payload and its clock cost by themselves. Nothing passes between the processes;
// each side finds what its peer would have sent, written by itself where the peer would have written it.

#include <optional>

#include "harness/transport/transport.h"
#include "scenarios/bind.h"

namespace ipcbench {
namespace {

class NullEndpoint {
 public:
  explicit NullEndpoint(std::size_t message_size)
      : out_(Mapping::private_anonymous(message_size)), in_(Mapping::private_anonymous(message_size)) {}

  void prepare(Role role, const LoopSpec& spec) noexcept {
    peer_.emplace(spec.payload, spec.seed, other(role));
    size_ = spec.message_size;
  }

  Loan loan(std::size_t n) noexcept { return {IoStatus::ok, {out_.data(), n}}; }
  IoStatus publish(Bytes) noexcept { return IoStatus::ok; }
  View acquire() noexcept {
    const Bytes message(in_.data(), size_);
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
};

class NullSession final : public Session {
 public:
  explicit NullSession(std::size_t message_size) : message_size_(message_size) {}
  std::unique_ptr<Endpoint> open(Role) override { return bind_endpoint<NullEndpoint>(message_size_); }

 private:
  std::size_t message_size_;
};

class NullTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    // Neither side ever waits: with one CPU they would only take it from each other, as spinning ones do.
    static const TransportInfo info{.name = "null",
                                    .family = "testing",
                                    .row = "",
                                    .summary = "nothing: the cost of the measuring loop itself",
                                    .man = "",
                                    .hidden = true,
                                    .capabilities = {.shape = Shape::loan,
                                                     .direction = Direction::two_way,
                                                     .keeps_boundaries = true,
                                                     .related_only = true},
                                    .waits = {WaitStrategy::spin}};
    return info;
  }
  Availability probe() const override { return Available{}; }
  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<NullSession>(config.message_size);
  }
};

}  // namespace

const Transport& transport_null() {
  static const NullTransport transport;
  return transport;
}

}  // namespace ipcbench

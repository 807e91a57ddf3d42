// An anonymous pipe, pipe(7), is a one-way byte stream between related processes. A channel has one for each direction.

#include <climits>
#include <optional>

#include "harness/sdk/pipe_buffers.h"
#include "harness/sdk/simple_transport.h"
#include "scenarios/bind_descriptors.h"

namespace ipcbench {
namespace {

struct PipeEnds {
  SharedDescriptor read, write;

  static PipeEnds create(const PipeBuffers& buffers, std::size_t readers, std::size_t writers) {
    auto [read, write] = make_pipe();
    buffers.ask(write.get());
    return {.read = {std::move(read), readers}, .write = {std::move(write), writers}};
  }
};

class PipeSession final : public Session {
 public:
  explicit PipeSession(const SessionConfig& config)
      : forward_(PipeEnds::create(PipeBuffers(config.options), config.pattern.consumers, config.pattern.producers)) {
    if (config.pattern.is_pair()) backward_ = PipeEnds::create(PipeBuffers(config.options), 1, 1);
  }

  Ticket ticket(Seat seat) override {
    const bool produces = seat.role == Role::producer;
    if (!backward_) return Ticket{}.with("end", (produces ? forward_.write : forward_.read).take());
    PipeEnds& in = produces ? *backward_ : forward_;
    PipeEnds& out = produces ? forward_ : *backward_;
    return Ticket{}.with("in", in.read.take()).with("out", out.write.take());
  }

 private:
  PipeEnds forward_;  // producers to consumers
  std::optional<PipeEnds> backward_;
};

class PipeTransport final : public SimpleTransport<PipeSession> {
 public:
  PipeTransport()
      : SimpleTransport({.name = "pipe",
                         .family = "pipe",
                         .row = "pipe",
                         .summary = "anonymous pipe, one for each direction",
                         .man = "pipe(7)",
                         .capabilities = {.shape = Shape::byte_stream,
                                          .direction = Direction::one_way,
                                          .in_flight_bytes = usual_pipe_size(),
                                          .many_senders = true,
                                          .many_receivers = true,
                                          .most_shared_message = PIPE_BUF,
                                          .related_only = true,
                                          .pollable = true,
                                          .sees_peer_close = true},
                         .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll, WaitStrategy::io_uring},
                         .options = {pipe_capacity_option()}}) {}

  Capabilities capabilities(const OptionValues& options) const override {
    Capabilities can = info().capabilities;
    can.in_flight_bytes = PipeBuffers(options).capacity();
    return can;
  }

  Availability probe() const override {
    const std::string refusal = PipeBuffers({}).refusal();
    if (!refusal.empty()) return Unavailable{Why::no_resource, refusal};
    return Available{};
  }
  std::string option_refusal(WaitStrategy, std::size_t, const OptionValues& options) const override {
    return PipeBuffers(options).refusal();
  }
  BufferSizes buffers_here(std::size_t, const OptionValues& options) const override {
    return PipeBuffers(options).sizes_here();
  }

  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    const bool is_pair = config.pattern.is_pair();
    if (!is_pair && config.seat.role == Role::consumer) return bind_stream(config.wait, ticket.take("end"));
    UniqueFd out = ticket.take(is_pair ? "out" : "end");
    auto buffers = PipeBuffers(config.options).reader(out.get(), config.seat.role);
    auto endpoint = is_pair ? bind_stream(config.wait, ticket.take("in"), std::move(out))
                            : bind_stream(config.wait, std::move(out));
    return with_buffers(std::move(endpoint), std::move(buffers));
  }
};

}  // namespace

const Transport& transport_pipe() { return the_only<PipeTransport>(); }

}  // namespace ipcbench

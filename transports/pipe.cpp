// An anonymous pipe, pipe(7), is a one-way byte stream between related processes. A channel has one for each direction.

#include <array>

#include "harness/sdk/pipe_buffers.h"
#include "harness/sdk/simple_transport.h"
#include "scenarios/bind_descriptors.h"

namespace ipcbench {
namespace {

struct PipeEnds {
  UniqueFd read, write;

  static PipeEnds create(const PipeBuffers& buffers) {
    auto [read, write] = make_pipe();
    buffers.ask(write.get());
    return {.read = std::move(read), .write = std::move(write)};
  }
};

class PipeSession final : public Session {
 public:
  explicit PipeSession(const SessionConfig& config) : buffers_(config.options) {}

  Ticket ticket(Seat seat) override {
    PipeEnds& in = seat.role == Role::producer ? backward_ : forward_;
    PipeEnds& out = seat.role == Role::producer ? forward_ : backward_;
    return Ticket{}.with("in", std::move(in.read)).with("out", std::move(out.write));
  }

 private:
  PipeBuffers buffers_;
  PipeEnds forward_ = PipeEnds::create(buffers_);  // producer to consumer
  PipeEnds backward_ = PipeEnds::create(buffers_);
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
                                          .related_only = true,
                                          .pollable = true,
                                          .sees_peer_close = true},
                         .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll},
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
    UniqueFd out = ticket.take("out");
    auto buffers = PipeBuffers(config.options).reader(out.get(), config.seat.role);
    return with_buffers(bind_stream(config.wait, ticket.take("in"), std::move(out)), std::move(buffers));
  }
};

}  // namespace

const Transport& transport_pipe() { return the_only<PipeTransport>(); }

}  // namespace ipcbench

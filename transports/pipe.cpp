// An anonymous pipe, pipe(7), is a one-way byte stream between related processes. A channel has one for each direction.

#include <array>

#include "harness/sdk/pipe_buffers.h"
#include "harness/sdk/transport.h"
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
  explicit PipeSession(const SessionConfig& config) : wait_(config.wait), buffers_(config.options) {}

  std::unique_ptr<Endpoint> open(Role role) override {
    PipeEnds& in = role == Role::producer ? backward_ : forward_;
    PipeEnds& out = role == Role::producer ? forward_ : backward_;
    in.write.reset();  // else the reader would never see the end of the peer's stream
    out.read.reset();
    buffers_.watch(out.write.get());
    return bind_stream(wait_, std::move(in.read), std::move(out.write));
  }

  BufferSizes buffers(Role role) const override { return buffers_.sizes(role); }

  void attached() noexcept override {
    forward_ = {};
    backward_ = {};
  }

 private:
  WaitStrategy wait_;
  PipeBuffers buffers_;
  PipeEnds forward_ = PipeEnds::create(buffers_);  // producer to consumer
  PipeEnds backward_ = PipeEnds::create(buffers_);
};

class PipeTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{.name = "pipe",
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
                                    .options = {pipe_capacity_option()}};
    return info;
  }

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

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<PipeSession>(config);
  }
};

}  // namespace

const Transport& transport_pipe() {
  static const PipeTransport transport;
  return transport;
}

}  // namespace ipcbench

// A named pipe (FIFO), fifo(7), is a pipe that unrelated processes find by a path. A channel has one for each
// direction.

#include <fcntl.h>
#include <sys/stat.h>

#include "harness/base/error.h"
#include "harness/run_dir/owned_path.h"
#include "harness/sdk/pipe_buffers.h"
#include "harness/sdk/transport.h"
#include "scenarios/bind_descriptors.h"

namespace ipcbench {
namespace {

class FifoSession final : public Session {
 public:
  explicit FifoSession(const SessionConfig& config)
      : wait_(config.wait),
        buffers_(config.options),
        forward_(config.run_dir.claim_name(RunDir::Kind::file, "fifo-forward")),
        backward_(config.run_dir.claim_name(RunDir::Kind::file, "fifo-backward")) {
    make(forward_);
    make(backward_);
  }

  // Opens both ends. Opening one waits for the peer's, so both sides open the two FIFOs in the same order.
  std::unique_ptr<Endpoint> open(Role role) override {
    const bool produces = role == Role::producer;
    UniqueFd forward = open_end(forward_, produces ? O_WRONLY : O_RDONLY);
    UniqueFd backward = open_end(backward_, produces ? O_RDONLY : O_WRONLY);
    if (produces) std::swap(forward, backward);
    buffers_.ask(backward.get());  // who writes it: it has no other maker
    buffers_.watch(backward.get());
    return bind_stream(wait_, std::move(forward), std::move(backward));
  }

  BufferSizes buffers(Role role) const override { return buffers_.sizes(role); }

  void attached() noexcept override {
    forward_.remove();
    backward_.remove();
  }

 private:
  static void make(const OwnedPath& path) {
    if (::mkfifo(path.c_str(), 0600) != 0) throw_errno("mkfifo {}", path.str());
  }
  static UniqueFd open_end(const OwnedPath& path, int mode) {
    UniqueFd fd(::open(path.c_str(), mode | O_CLOEXEC));
    if (!fd) throw_errno("open {}", path.str());
    return fd;
  }

  WaitStrategy wait_;
  PipeBuffers buffers_;
  OwnedPath forward_;  // producer to consumer
  OwnedPath backward_;
};

class FifoTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{.name = "fifo",
                                    .family = "pipe",
                                    .row = "pipe",
                                    .summary = "named pipe, one for each direction",
                                    .man = "fifo(7)",
                                    .capabilities = {.shape = Shape::byte_stream,
                                                     .direction = Direction::one_way,
                                                     .persistence = Persistence::file_system,
                                                     .rendezvous = Rendezvous::path,
                                                     .in_flight_bytes = usual_pipe_size(),
                                                     .access_control = true,
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
    return std::make_unique<FifoSession>(config);
  }
};

}  // namespace

const Transport& transport_fifo() {
  static const FifoTransport transport;
  return transport;
}

}  // namespace ipcbench

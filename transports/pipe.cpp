// Anonymous pipe, pipe(7): a one-way byte stream between related processes; two of them make a channel.

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "harness/os/error.h"
#include "harness/transport/fd_stream.h"
#include "harness/transport/transport.h"
#include "scenarios/bind_fd.h"

namespace ipcbench {
namespace {

struct PipeEnds {
  UniqueFd read, write;

  static PipeEnds create() {
    std::array<int, 2> ends;
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("pipe2");
    return {.read = UniqueFd(ends[0]), .write = UniqueFd(ends[1])};
  }
};

class PipeSession final : public Session {
 public:
  explicit PipeSession(WaitStrategy wait) : wait_(wait) {}

  std::unique_ptr<Endpoint> open(Role role) override {
    PipeEnds& in = role == Role::producer ? backward_ : forward_;
    PipeEnds& out = role == Role::producer ? forward_ : backward_;
    in.write.reset();  // else the reader would never see the end of the peer's stream
    out.read.reset();
    return bind_fd_endpoint<FdStream>(wait_, std::move(in.read), std::move(out.write));
  }

  void attached() noexcept override {
    forward_ = {};
    backward_ = {};
  }

 private:
  WaitStrategy wait_;
  PipeEnds forward_ = PipeEnds::create();  // producer to consumer
  PipeEnds backward_ = PipeEnds::create();
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
                                                     .in_flight_bytes = std::size_t{64} << 10,
                                                     .related_only = true,
                                                     .pollable = true,
                                                     .sees_peer_close = true},
                                    .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll}};
    return info;
  }
  Availability probe() const override { return Available{}; }
  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<PipeSession>(config.wait);
  }
};

}  // namespace

const Transport& transport_pipe() {
  static const PipeTransport transport;
  return transport;
}

}  // namespace ipcbench

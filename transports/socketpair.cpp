// A UNIX stream socket pair, socketpair(2), is the two-way "stream pipe" between related processes.

#include <sys/socket.h>

#include <array>

#include "harness/base/error.h"
#include "harness/sdk/socket_buffers.h"
#include "harness/sdk/transport.h"
#include "scenarios/bind_descriptors.h"

namespace ipcbench {
namespace {

class SocketpairSession final : public Session {
 public:
  explicit SocketpairSession(const SessionConfig& config)
      : wait_(config.wait), buffers_(SocketKind::local, config.options) {
    std::array<int, 2> ends;
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) throw_errno("socketpair");
    for (std::size_t side = 0; side < 2; ++side) {
      ends_[side].reset(ends[side]);
      buffers_.ask(ends[side]);
    }
  }

  std::unique_ptr<Endpoint> open(Role role) override {
    end_of(other(role)).reset();
    buffers_.watch(end_of(role).get());
    return bind_stream(wait_, std::move(end_of(role)));
  }

  BufferSizes buffers(Role role) const override { return buffers_.sizes(role); }

  void attached() noexcept override {
    for (UniqueFd& end : ends_) end.reset();
  }

 private:
  UniqueFd& end_of(Role role) { return ends_[static_cast<std::size_t>(role)]; }

  WaitStrategy wait_;
  SocketBuffers buffers_;
  std::array<UniqueFd, 2> ends_;  // by Role
};

class SocketpairTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{.name = "socketpair",
                                    .family = "pipe",
                                    .row = "pipe",
                                    .summary = "connected pair of UNIX stream sockets (the stream pipe)",
                                    .man = "socketpair(2)",
                                    .capabilities = {.shape = Shape::byte_stream,
                                                     .direction = Direction::two_way,
                                                     .related_only = true,
                                                     .pollable = true,
                                                     .sees_peer_close = true},
                                    .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll},
                                    .options = {rcvbuf_option(), sndbuf_option()}};
    return info;
  }
  Availability probe() const override { return Available{}; }
  std::string option_refusal(WaitStrategy, std::size_t, const OptionValues& options) const override {
    return SocketBuffers(SocketKind::local, options).refusal();
  }
  BufferSizes buffers_here(std::size_t, const OptionValues& options) const override {
    return SocketBuffers(SocketKind::local, options).sizes_here();
  }
  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<SocketpairSession>(config);
  }
};

}  // namespace

const Transport& transport_socketpair() {
  static const SocketpairTransport transport;
  return transport;
}

}  // namespace ipcbench

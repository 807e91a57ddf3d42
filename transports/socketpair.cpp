// A UNIX stream socket pair, socketpair(2), is the two-way "stream pipe" between related processes.

#include <sys/socket.h>

#include <array>

#include "harness/base/error.h"
#include "harness/sdk/simple_transport.h"
#include "harness/sdk/socket_buffers.h"
#include "scenarios/bind_descriptors.h"

namespace ipcbench {
namespace {

class SocketpairSession final : public Session {
 public:
  explicit SocketpairSession(const SessionConfig& config) {
    const SocketBuffers buffers(SocketKind::local, config.options);
    std::array<int, 2> ends;
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) throw_errno("socketpair");
    for (std::size_t side = 0; side < 2; ++side) {
      ends_[side].reset(ends[side]);
      buffers.ask(ends[side]);
    }
  }

  Ticket ticket(Seat seat) override {
    return Ticket{}.with("socket", std::move(ends_[static_cast<std::size_t>(seat.role)]));
  }

 private:
  std::array<UniqueFd, 2> ends_;  // by Role
};

class SocketpairTransport final : public SimpleTransport<SocketpairSession> {
 public:
  SocketpairTransport()
      : SimpleTransport({.name = "socketpair",
                         .family = "pipe",
                         .row = "pipe",
                         .summary = "connected pair of UNIX stream sockets (the stream pipe)",
                         .man = "socketpair(2)",
                         .capabilities = {.shape = Shape::byte_stream,
                                          .direction = Direction::two_way,
                                          .related_only = true,
                                          .pollable = true,
                                          .sees_peer_close = true},
                         .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll, WaitStrategy::io_uring},
                         .options = {rcvbuf_option(), sndbuf_option()}}) {}

  std::string option_refusal(WaitStrategy, std::size_t, const OptionValues& options) const override {
    return SocketBuffers(SocketKind::local, options).refusal();
  }
  BufferSizes buffers_here(std::size_t, const OptionValues& options) const override {
    return SocketBuffers(SocketKind::local, options).sizes_here();
  }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    UniqueFd socket = ticket.take("socket");
    auto buffers = SocketBuffers(SocketKind::local, config.options).reader(socket.get(), config.seat.role);
    return with_buffers(bind_stream(config.wait, std::move(socket)), std::move(buffers));
  }
};

}  // namespace

const Transport& transport_socketpair() { return the_only<SocketpairTransport>(); }

}  // namespace ipcbench

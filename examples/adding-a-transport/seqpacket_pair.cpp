// Connected pair of UNIX sequenced-packet sockets, unix(7): messages between related processes.

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "harness/base/error.h"
#include "harness/sdk/simple_transport.h"
#include "harness/sdk/socket_buffers.h"
#include "scenarios/bind.h"

namespace ipcbench {
namespace {

class SeqpacketEndpoint {
 public:
  explicit SeqpacketEndpoint(UniqueFd socket) noexcept : socket_(std::move(socket)) {}

  IoStatus send(ConstBytes message) noexcept {
    while (::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL) < 0) {
      if (errno == EPIPE || errno == ECONNRESET) return IoStatus::peer_closed;
      if (errno != EINTR) return IoStatus::failed;
    }
    return IoStatus::ok;
  }

  Received receive(Bytes buffer) noexcept {
    while (true) {
      // With MSG_TRUNC, recv() returns the message's own length even if the buffer is shorter.
      const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_TRUNC);
      if (size > 0) return {IoStatus::ok, static_cast<std::size_t>(size)};
      if (size == 0 || errno == ECONNRESET) return {IoStatus::peer_closed, 0};
      if (errno != EINTR) return {IoStatus::failed, 0};
    }
  }

 private:
  UniqueFd socket_;
};

// A packet goes through the send buffer in one piece; this fits net.core.wmem_default on every kernel since 2.6.
constexpr std::size_t kLargest = 64 * 1024;

class SeqpacketSession final : public Session {
 public:
  explicit SeqpacketSession(const SessionConfig& config) {
    if (config.message_size > kLargest) {
      errno = EMSGSIZE;
      throw_errno("socketpair SOCK_SEQPACKET for messages of {} bytes", config.message_size);
    }
    std::array<int, 2> ends;
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) throw_errno("socketpair");
    for (std::size_t side = 0; side < 2; ++side) ends_[side].reset(ends[side]);
  }

  // The end is moved: were it open here too, the peer would never see it close.
  Ticket ticket(Seat seat) override {
    return Ticket{}.with("socket", std::move(ends_[static_cast<std::size_t>(seat.role)]));
  }

 private:
  std::array<UniqueFd, 2> ends_;  // by Role
};

class SeqpacketTransport final : public SimpleTransport<SeqpacketSession> {
 public:
  SeqpacketTransport()
      : SimpleTransport({.name = "seqpacket-pair",
                         .family = "UNIX domain socket",
                         .row = "UNIX domain socket",
                         .summary = "connected pair of UNIX sequenced-packet sockets",
                         .man = "unix(7)",
                         .capabilities = {.shape = Shape::message,
                                          .direction = Direction::two_way,
                                          .max_message = kLargest,
                                          .keeps_boundaries = true,
                                          .related_only = true,
                                          .sees_peer_close = true},
                         .waits = {WaitStrategy::block}}) {}

  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    UniqueFd socket = ticket.take("socket");
    auto buffers = SocketBuffers(SocketKind::local).reader(socket.get(), config.seat.role);
    return with_buffers(bind_endpoint<SeqpacketEndpoint>(std::move(socket)), std::move(buffers));
  }
};

}  // namespace

const Transport& transport_seqpacket_pair() { return the_only<SeqpacketTransport>(); }

}  // namespace ipcbench

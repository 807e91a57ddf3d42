#include "transports/faulty/faulty.h"

#include <sys/socket.h>

#include <array>

#include "harness/base/error.h"
#include "scenarios/bind.h"

namespace ipcbench::faulty {
namespace {

class FaultySession final : public Session {
 public:
  FaultySession() {
    std::array<int, 2> ends;
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) throw_errno("socketpair");
    for (std::size_t side = 0; side < 2; ++side) ends_[side].reset(ends[side]);
  }

  Ticket ticket(Seat seat) override {
    return Ticket{}.with("socket", std::move(ends_[static_cast<std::size_t>(seat.role)]));
  }

 private:
  std::array<UniqueFd, 2> ends_;  // by Role
};

}  // namespace

FaultyTransport::FaultyTransport(MakeFault make, std::string_view name, std::string_view summary,
                                 std::string_view no_ping_pong, std::string_view no_streaming)
    : DescribedTransport({.name = name,
                          .family = "testing",
                          .row = "",
                          .summary = summary,
                          .man = "unix(7)",
                          .hidden = true,
                          .capabilities = {.shape = Shape::message,
                                           .direction = Direction::two_way,
                                           .min_message = 8,
                                           .max_message = std::size_t{64} << 10,
                                           .keeps_boundaries = true,
                                           .related_only = true,
                                           .pollable = true,
                                           .sees_peer_close = true},
                          .waits = {WaitStrategy::block},
                          .no_streaming = no_streaming,
                          .no_ping_pong = no_ping_pong}),
      make_(make) {}

std::unique_ptr<Session> FaultyTransport::create(const SessionConfig&) const {
  return std::make_unique<FaultySession>();
}

std::unique_ptr<Endpoint> FaultyTransport::join(Ticket ticket, const SeatConfig& config) const {
  Carrier carrier(ticket.take("socket"));
  std::unique_ptr<Fault> fault = make_(config.seat.role);
  fault->opened(carrier);
  return bind_endpoint<FaultyEndpoint>(std::move(carrier), std::move(fault));
}

}  // namespace ipcbench::faulty

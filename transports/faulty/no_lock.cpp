// A lock that everybody has at once, for the self-test: processes that count under it lose turns.

#include <memory>

#include "harness/sdk/lock_endpoint.h"
#include "harness/sdk/simple_transport.h"

namespace ipcbench {
namespace {

class NoLockEndpoint {
 public:
  IoStatus lock() noexcept { return IoStatus::ok; }
  IoStatus unlock() noexcept { return IoStatus::ok; }
};

class NoLockSession final : public Session {
 public:
  Ticket ticket(Seat) override { return {}; }
};

class NoLockTransport final : public SimpleTransport<NoLockSession> {
 public:
  NoLockTransport()
      : SimpleTransport({.name = "no-lock",
                         .family = "testing",
                         .row = "",
                         .summary = "a lock that lets everybody in",
                         .man = "",
                         .hidden = true,
                         .capabilities = {.shape = Shape::notify,
                                          .direction = Direction::two_way,
                                          .min_message = 0,
                                          .max_message = 0,
                                          .carries_payload = false,
                                          .locks = true,
                                          .related_only = true},
                         .waits = {WaitStrategy::block},
                         .no_streaming = "it is a lock and nothing else",
                         .no_ping_pong = "it is a lock and nothing else"}) {}

  std::unique_ptr<Endpoint> join(Ticket, const SeatConfig&) const override { return bind_lock<NoLockEndpoint>(); }
};

}  // namespace

const Transport& transport_no_lock() { return the_only<NoLockTransport>(); }

}  // namespace ipcbench

#include "harness/launch/launch_request.h"

#include <stdexcept>
#include <utility>

#include "harness/sdk/registry.h"

namespace ipcbench {

const Transport& transport_of(const LaunchRequest& request) {
  const Transport* transport = find_transport(request.spec.transport);
  if (transport == nullptr) throw std::logic_error("no transport " + request.spec.transport);
  return *transport;
}

SessionConfig session_config(const LaunchRequest& request, RunDir& run_dir) {
  return {.run_dir = run_dir,
          .wait = request.spec.wait,
          .message_size = largest_sent(request.spec),
          .options = option_values(request.spec, transport_of(request).info()),
          .hybrid_spin = request.hybrid_spin,
          .clock = request.clock,
          .cpus = request.cpus};
}

SeatConfig seat_config(const LaunchRequest& request, Seat seat, Rendezvous::PairCells& cells) {
  return {.seat = seat,
          .wait = request.spec.wait,
          .message_size = largest_sent(request.spec),
          .options = option_values(request.spec, transport_of(request).info()),
          .clock = request.clock,
          .hybrid_spin = request.hybrid_spin,
          .rendezvous = Rendezvous(cells)};
}

PairTickets tickets_of(Session& session) {
  Ticket producer = session.ticket({.role = Role::producer});
  return {std::move(producer), session.ticket({.role = Role::consumer})};
}

Ticket take_own(PairTickets& tickets, Role role) {
  Ticket own = std::move(tickets[static_cast<std::size_t>(role)]);
  tickets = {};
  return own;
}

}  // namespace ipcbench

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

WorkerOrders orders_for(const LaunchRequest& request, Role role) {
  const Foreign& foreign = transport_of(request).info().foreign;
  return {.transport = request.spec.transport,
          .library = std::string(foreign.command.empty() ? foreign.library : ""),
          .seat = {.role = role},
          .wait = request.spec.wait,
          .message_size = largest_sent(request.spec),
          .options = option_values(request.spec, transport_of(request).info()),
          .clock = request.clock,
          .hybrid_spin = request.hybrid_spin,
          .cpu = role == Role::producer ? request.cpus.producer : request.cpus.consumer};
}

WorkerTickets tickets_of(Session& session) {
  WorkerTickets tickets;
  for (const Role role : {Role::producer, Role::consumer}) {
    tickets.emplace_back().push_back(session.ticket({.role = role}));
  }
  return tickets;
}

}  // namespace ipcbench

#pragma once

#include <cstdlib>

#include "harness/launch/launch_request.h"
#include "harness/suite/workers.h"

namespace ipcbench {

// Returns the kind of workers that the suite runs with: $IPCBENCH_TEST_WORKERS, by default forked ones.
inline Workers test_workers() {
  const char* name = std::getenv("IPCBENCH_TEST_WORKERS");
  return name == nullptr ? Workers::fork : workers_in_record(name, "IPCBENCH_TEST_WORKERS");
}

// Returns the ticket of `role`, and closes what the other holds, as a worker of its own does.
inline Ticket take_own(WorkerTickets& tickets, Role role) {
  Ticket own = std::move(tickets[static_cast<std::size_t>(role)].front());
  tickets.clear();
  return own;
}

}  // namespace ipcbench

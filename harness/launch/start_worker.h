#pragma once

#include <array>
#include <vector>

#include "harness/launch/worker_orders.h"
#include "harness/process/child.h"
#include "harness/suite/workers.h"

namespace ipcbench {

// The tickets of a launch's workers, by Role and channel.
using WorkerTickets = std::array<std::vector<Ticket>, 2>;

// Starts the worker at the seat that `orders` name. It has the tickets of its role and none of its peer's; the caller
// closes both once all workers have started, or no worker would see the end of its peer. Throws std::system_error.
Child start_worker(Workers workers, const WorkerOrders& orders, WorkerTickets& tickets, const WorkerLinks& links);

}  // namespace ipcbench

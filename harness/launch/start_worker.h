#pragma once

#include <cstddef>
#include <vector>

#include "harness/launch/worker_orders.h"
#include "harness/process/child.h"
#include "harness/suite/workers.h"

namespace ipcbench {

// The tickets of a launch's workers, by the seat's place and by channel. A pair's producer is at 0, its consumer at 1.
using WorkerTickets = std::vector<std::vector<Ticket>>;

// Starts the worker at the seat that `orders` name. It has the tickets at `place` and none of the others; the caller
// closes them all once all workers have started, or no worker would see the end of its peer. Throws std::system_error.
Child start_worker(Workers workers, const WorkerOrders& orders, WorkerTickets& tickets, std::size_t place,
                   const WorkerLinks& links);
// Starts a worker of a pair, whose place is its role.
inline Child start_worker(Workers workers, const WorkerOrders& orders, WorkerTickets& tickets,
                          const WorkerLinks& links) {
  return start_worker(workers, orders, tickets, static_cast<std::size_t>(orders.seat.role), links);
}

}  // namespace ipcbench

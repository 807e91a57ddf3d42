#pragma once

#include <vector>

#include "harness/launch/cast_block.h"
#include "harness/launch/worker_orders.h"

namespace ipcbench {

// Runs the whole life of a worker with a seat of a cast, from its start to its exit code: 0, or 1 with the reason in
// its log. Never throws. `tickets` are those of its links, in their order.
int take_seat(const WorkerOrders& orders, const Transport& transport, std::vector<Ticket> tickets, CastBlock& block,
              const WorkerLinks& links) noexcept;

}  // namespace ipcbench

#pragma once

#include <string_view>

#include "harness/launch/control_block.h"
#include "harness/launch/worker_orders.h"

namespace ipcbench {

// Runs a measuring worker's whole life, from its start to its exit code: 0, or 1 with the reason in its SideLog. Never
// throws. `links` are its eventfd and, where calls are counted by a listener, the listener's socket.
int measure_side(const WorkerOrders& orders, const Transport& transport, Ticket ticket, ControlBlock& block,
                 const WorkerLinks& links) noexcept;

// Leaves `text` as the reason why a measuring worker has failed.
void report_unmeasured(SideLog& side, std::string_view text) noexcept;

}  // namespace ipcbench

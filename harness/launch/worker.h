#pragma once

#include <string_view>
#include <vector>

#include "harness/launch/worker_orders.h"

namespace ipcbench {

// Does what the orders say, whatever their task is, and returns the worker's exit code.
int do_task(const WorkerOrders& orders, std::vector<Ticket> tickets, const WorkerLinks& links) noexcept;

// Leaves `text` where the coordinator looks for the reason of a worker's failure.
void report_failure(const WorkerOrders& orders, const WorkerLinks& links, std::string_view text) noexcept;

// Returns whether the program was called as a worker.
bool is_worker_program(int argc, char** argv) noexcept;
// Runs an executed worker's whole life: call it first in main(), before anything is reset. Ends the process with the
// worker's exit code, or with 2 if there are no orders on kOrdersFd.
[[noreturn]] void run_worker_program();

}  // namespace ipcbench

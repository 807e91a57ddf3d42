#pragma once

#include "harness/launch/control_block.h"
#include "harness/process/call_listener.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// Tells a worker of a launch what it doesn't inherit.
struct WorkerOrders {
  SeatConfig config;  // its seat, and what it opens its side by
  int cpu = -1;       // -1: not pinned
  bool canary = false;
  int ready_fd = -1;                    // an eventfd; the worker adds 1 once its side is open
  int lock_fd = -1;                     // the run's lock, closed at once
  const CallListener* calls = nullptr;  // not null: submits its system calls to it
  LoopSpec spec;
};

// Runs a worker's whole life, from its start to its exit code: 0, or 1 with the reason in its SideLog. Never throws.
int run_worker(const WorkerOrders& orders, const Transport& transport, Ticket ticket, ControlBlock& block) noexcept;

}  // namespace ipcbench

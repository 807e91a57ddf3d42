#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "harness/measure/clock.h"
#include "harness/measure/run_log.h"
#include "harness/process/child.h"

namespace ipcbench {

// WorkerStops asks the coordinator to stop a worker in the middle of an open loop's block, and to let it go on. The
// self-test shows by it that a wait is counted (rule 28).
struct WorkerStops {
  Role role = Role::producer;
  std::chrono::nanoseconds first{};   // from the block's begin to the first stop
  std::chrono::nanoseconds length{};  // at least; the coordinator may come late
  std::chrono::nanoseconds period{};  // from one stop to the next
  std::size_t count = 1;
};

// WorkerStop is a stop that was made, by the coordinator's clock, in ns from the block's begin.
struct WorkerStop {
  // Returns how long the worker was kept from running. It may have run up to seen_ns - begin_ns of that.
  std::uint64_t length_ns() const noexcept { return end_ns - begin_ns; }

  std::uint64_t begin_ns = 0;  // before SIGSTOP was sent
  std::uint64_t seen_ns = 0;   // when the kernel had said that the worker has stopped
  std::uint64_t end_ns = 0;    // before SIGCONT was sent
};

// Stops `worker` by SIGSTOP and continues it by SIGCONT. Before the block it looks every 10 ms whether that has begun;
// in the block the coordinator wakes for the signals alone (rule 23). `until_readable(fd)` sleeps until the descriptor
// is readable, or returns false if the launch is over. Returns the stops that were made; the worker runs again.
std::vector<WorkerStop> stop_worker(const WorkerStops& asked, const Child& worker, RunLog& log, const Clock& clock,
                                    const std::function<bool(int)>& until_readable);

}  // namespace ipcbench

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/unique_fd.h"
#include "harness/launch/launch_memory.h"
#include "harness/launch/start_worker.h"
#include "harness/launch/worker_watch.h"
#include "harness/launch/workers_end.h"
#include "harness/process/child.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// LaunchWorkers starts the workers of a launch, waits for them and ends them. Its functions are called in the order in
// which they stand; destroyed before end(), it kills what runs.
class LaunchWorkers {
 public:
  // What it is given must outlive it. Time runs from here on. Throws std::system_error.
  LaunchWorkers(Workers kind, const LaunchMemory& memory, RunDir& run_dir, std::chrono::nanoseconds deadline);

  // Starts the worker of the next place, which messages and records call `name`, and which receives messages of
  // `message_size` bytes. `socket`: of a listener that counts system calls, or -1. Throws std::system_error.
  void start(std::string name, const SideLog& log, std::size_t message_size, const WorkerOrders& orders,
             WorkerTickets& tickets, int socket = -1);
  // Waits until all are at the gate; false: one has ended, or time is up.
  bool until_ready();
  // Returns what watches them, from until_ready() on.
  WorkerWatch& watch() noexcept { return *watch_; }
  // Returns the worker at a place.
  const Child& worker(std::size_t place) const noexcept { return workers_[place]; }
  void open_gate(std::uint32_t& gate);
  // Waits until all have ended or one has failed, or time is up.
  void until_over();
  // Reaps all, and kills those that still run.
  WorkersEnd end();

 private:
  void reap();

  const Workers kind_;
  const LaunchMemory& memory_;
  RunDir& run_dir_;
  const WorkerWatch::Time::time_point deadline_;
  UniqueFd ready_;  // an eventfd, to which workers write when they are ready
  std::vector<Child> workers_;
  std::optional<WorkerWatch> watch_;
  ResourceUsage at_gate_{};
  WorkersEnd end_;
};

}  // namespace ipcbench

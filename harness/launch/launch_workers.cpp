#include "harness/launch/launch_workers.h"

#include <sys/eventfd.h>

#include <utility>

#include "harness/base/error.h"
#include "harness/launch/side_parts.h"

namespace ipcbench {

LaunchWorkers::LaunchWorkers(Workers kind, const LaunchMemory& memory, RunDir& run_dir,
                             std::chrono::nanoseconds deadline)
    : kind_(kind),
      memory_(memory),
      run_dir_(run_dir),
      deadline_(WorkerWatch::Time::now() + deadline),
      ready_(::eventfd(0, EFD_CLOEXEC)) {
  if (!ready_) throw_errno("eventfd");
}

void LaunchWorkers::start(std::string name, const SideLog& log, std::size_t message_size, const WorkerOrders& orders,
                          WorkerTickets& tickets, int socket) {
  const WorkerLinks links{.memory = memory_.data(),
                          .memory_fd = memory_.descriptor(),
                          .told = ready_.get(),
                          .socket = socket,
                          .coordinators = run_dir_.lock_fd()};
  workers_.push_back(start_worker(kind_, orders, tickets, workers_.size(), links));
  end_.workers.push_back({.name = std::move(name), .side = &log, .message_size = message_size});
  run_dir_.note_process(workers_.back().pid());
}

bool LaunchWorkers::until_ready() { return watch_.emplace(workers_, ready_.get(), deadline_).until_ready(); }

void LaunchWorkers::open_gate(std::uint32_t& gate) {
  at_gate_ = resource_usage();
  ipcbench::open_gate(gate);
}

void LaunchWorkers::until_over() {
  bool in_time = watch_->until_exit();
  end_.coordinator = usage_between(at_gate_, resource_usage());
  // If some have ended well, the others may use the rest of the time.
  for (reap(); in_time && !end_.over(); reap()) in_time = watch_->until_exit();
}

WorkersEnd LaunchWorkers::end() {
  reap();
  end_.late = watch_->late();
  if (end_.cause_is_missing()) watch_->shorten(kCauseGrace);
  while (end_.cause_is_missing() && watch_->until_exit()) reap();
  for (std::size_t place = 0; place < workers_.size(); ++place) {
    if (end_.workers[place].exit) continue;
    workers_[place].kill();
    workers_[place].wait();
  }
  return std::move(end_);
}

void LaunchWorkers::reap() {
  for (std::size_t place = 0; place < workers_.size(); ++place) {
    if (!end_.workers[place].exit) end_.workers[place].exit = workers_[place].poll();
  }
}

}  // namespace ipcbench

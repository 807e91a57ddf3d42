#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/launch/worker_stops.h"
#include "harness/measure/run_log.h"
#include "harness/process/child.h"
#include "results/model/record.h"

namespace ipcbench {

// Records how one worker of a launch ended.
struct WorkerEnd {
  std::string name;                               // "producer", "consumer 3"
  const SideLog* side;                            // in the launch's memory
  std::size_t message_size = 0;                   // bytes of what it receives
  std::optional<ExitStatus> exit = std::nullopt;  // nullopt: it runs, or the coordinator killed it
};

// Records how the workers of a launch ended, by place.
struct WorkersEnd {
  bool clean() const noexcept;
  // Returns whether waiting is over: all have ended, or one has failed.
  bool over() const noexcept;
  // Returns whether all that have failed may have failed since a peer ended whose end isn't known yet: a worker that
  // sees its peer close may end before the kernel reports the peer's end.
  bool cause_is_missing() const noexcept;

  std::vector<WorkerEnd> workers;
  SideUsage coordinator;  // from the gate to the first exit
  bool late = false;      // killed at the deadline
  CallsRecord calls;      // of a launch that counts system calls
  std::vector<WorkerStop> stops = {};
  std::string broker;  // how the broker ended; "": it is alive, or there is none
};

// Returns how a pair of workers without a watch has ended, of which one has. It waits 200 ms for the other: a peer may
// see the end of one that was killed before that end can be waited for. Both arguments are by Role.
WorkersEnd end_of_pair(std::array<Child, 2>& workers, const std::array<const SideLog*, 2>& sides);

// Returns the worker whose end or failure caused the others'; nullptr if none has failed. One that was killed is the
// cause, then a wrong message; that a peer has closed is a consequence, named only if nothing else is known.
const WorkerEnd* cause_of(const WorkersEnd& end) noexcept;

// Returns true if all workers did their part; else fills in how the launch broke, by the worker or broker that is the
// cause.
bool judge(const WorkersEnd& end, LaunchRecord& record);

}  // namespace ipcbench

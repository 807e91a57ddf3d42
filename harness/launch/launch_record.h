#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "harness/floors/noise.h"
#include "harness/launch/control_block.h"
#include "harness/launch/launch_request.h"
#include "harness/process/child.h"

namespace ipcbench {

// Records how the two workers ended, by Role; nullopt: the coordinator killed it.
struct WorkersEnd {
  std::array<std::optional<ExitStatus>, 2> exits;
  SideUsage coordinator;  // from the gate to the first exit
  bool late = false;      // killed at the deadline
  CallsRecord calls;      // of a launch that counts system calls
  std::vector<WorkerStop> stops = {};
  std::string broker;  // how the broker ended; "": it is alive, or there is none

  bool clean() const noexcept { return exits[0] && exits[1] && exits[0]->clean() && exits[1]->clean(); }
  // Returns whether waiting is over: both ended, or one failed.
  bool over() const noexcept {
    const auto bad = [](const std::optional<ExitStatus>& exit) { return exit && !exit->clean(); };
    return (exits[0] && exits[1]) || bad(exits[0]) || bad(exits[1]);
  }
};

LaunchRecord start_record(const LaunchRequest& request);

// Fills status, reason and phase, and for an ok launch the measurements.
void finish_record(const LaunchRequest& request, const LoopSpec& spec, ControlBlock& block, const WorkersEnd& end,
                   LaunchRecord& record);

void add_environment(const SystemCounters& before, const SystemCounters& after, LaunchRecord& record);

}  // namespace ipcbench

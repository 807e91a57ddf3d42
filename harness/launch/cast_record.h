#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/launch/cast_block.h"
#include "harness/launch/launch_request.h"
#include "harness/process/child.h"

namespace ipcbench {

// Records how the workers of a cast ended, by place; nullopt: the coordinator killed it.
struct CastEnd {
  std::vector<std::optional<ExitStatus>> exits;
  SideUsage coordinator;  // from the gate to the first exit
  bool late = false;      // killed at the deadline
  std::string broker;     // how the broker ended; "": it is alive, or there is none

  bool clean() const noexcept;
  // Returns whether waiting is over: all ended, or one failed.
  bool over() const noexcept;
};

// Fills status, reason and phase, and for an ok launch the measurements.
void finish_record(const LaunchRequest& request, const LoopSpec& spec, CastBlock& block, const CastEnd& end,
                   LaunchRecord& record);

}  // namespace ipcbench

#pragma once

#include "harness/floors/noise.h"
#include "harness/launch/control_block.h"
#include "harness/launch/launch_request.h"
#include "harness/launch/workers_end.h"

namespace ipcbench {

LaunchRecord start_record(const LaunchRequest& request);

// Fills status, reason and phase, and for an ok launch the measurements.
void finish_record(const LaunchRequest& request, const LoopSpec& spec, ControlBlock& block, const WorkersEnd& end,
                   LaunchRecord& record);

void add_environment(const SystemCounters& before, const SystemCounters& after, LaunchRecord& record);

}  // namespace ipcbench

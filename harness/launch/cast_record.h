#pragma once

#include "harness/launch/cast_block.h"
#include "harness/launch/launch_request.h"
#include "harness/launch/workers_end.h"

namespace ipcbench {

// Fills status, reason and phase, and for an ok launch the measurements.
void finish_record(const LaunchRequest& request, const LoopSpec& spec, CastBlock& block, const WorkersEnd& end,
                   LaunchRecord& record);

}  // namespace ipcbench

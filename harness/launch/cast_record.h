#pragma once

#include "harness/launch/cast_block.h"
#include "harness/launch/launch_request.h"
#include "harness/launch/workers_end.h"

namespace ipcbench {

// Fills status, reason and phase, and for an ok launch the measurements. `stamps` are those of an open loop.
void finish_record(const LaunchRequest& request, const LoopSpec& spec, CastBlock& block, const Stamps& stamps,
                   const WorkersEnd& end, LaunchRecord& record);

}  // namespace ipcbench

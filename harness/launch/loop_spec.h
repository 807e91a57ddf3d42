#pragma once

#include "harness/launch/launch_request.h"

namespace ipcbench {

// Returns what the workers of a launch are told of their loop, but for a broker.
LoopSpec loop_spec(const LaunchRequest& request, const Capabilities& capabilities);

}  // namespace ipcbench

#pragma once

#include "harness/launch/launch_request.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// Runs a launch. The transport of `request.spec` must be registered. Kernel objects are named in `run_dir` before they
// are made, and removed on return even if workers died. A failed launch is reported in the record, not by an exception.
// Throws std::system_error only if this host can't fork or map memory.
LaunchOutcome launch(const LaunchRequest& request, RunDir& run_dir);

}  // namespace ipcbench

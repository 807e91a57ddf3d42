#pragma once

#include "harness/launch/launch_request.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// The transport of `request.spec` must be registered. Kernel objects are named in `run_dir` before they are made and
// gone on return, whatever happened to the workers. What goes wrong with the launch is in the record, not an exception;
// std::system_error only where this host can't fork or map memory.
LaunchOutcome launch(const LaunchRequest& request, RunDir& run_dir);

}  // namespace ipcbench

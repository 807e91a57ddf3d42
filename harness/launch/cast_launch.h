#pragma once

#include "harness/launch/launch_request.h"

namespace ipcbench {

// Runs a launch of a scenario with a cast: sessions by how it shares, one worker for each seat. All else is as in
// launch().
LaunchOutcome launch_cast(const LaunchRequest& request, RunDir& run_dir);

}  // namespace ipcbench

#pragma once

#include "harness/launch/launch_request.h"

namespace ipcbench {

// Runs a launch of the scenario `setup`. A process on the producer's CPU makes block_ops channels in turn; each gets a
// fresh pair of workers, is opened and taken down. All else is as in launch().
LaunchOutcome launch_setup(const LaunchRequest& request, RunDir& run_dir);

}  // namespace ipcbench

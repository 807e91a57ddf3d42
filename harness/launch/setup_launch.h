#pragma once

#include "harness/launch/launch_request.h"

namespace ipcbench {

// The launch of a case of the scenario `setup`: a process on the producer's CPU that makes channels one after the
// other, each with a fresh pair of workers, opens them and takes them down again, block_ops times. As launch() in all
// else.
LaunchOutcome launch_setup(const LaunchRequest& request, RunDir& run_dir);

}  // namespace ipcbench

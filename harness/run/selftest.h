#pragma once

#include "harness/run/runner.h"

#include <cstdio>

namespace ipcbench {

// Runs the harness against the transports that lie (transports/testing/: null, delay, stall, corrupt, lose, duplicate,
// reorder, truncate, echo-self, die, hang, refuse) and writes to `out` what each did and whether it was caught, one
// line a transport. Progress and diagnostics go to `observer`. Returns 0 if every lie was caught and the honest ones
// (null, delay) were measured as they are; 4 if not; 130 if stopped. Throws std::system_error.
int run_selftest(RunObserver& observer, std::FILE* out);

}  // namespace ipcbench

#pragma once

#include <chrono>

#include "harness/conformance/checks.h"

namespace ipcbench {

// Makes a check in a process of its own, and kills it after `time` or by a second stop signal: what crashes or hangs
// fails its check alone. Kills all children that this process then has, adopted ones included, and removes the objects
// of dead runs. Throws std::system_error where the host can't fork.
CheckReport make_contained_check(const ConformanceCheck& check, const Subject& subject, const TrialSettings& settings,
                                 std::chrono::nanoseconds time);

}  // namespace ipcbench

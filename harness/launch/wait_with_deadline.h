#pragma once

#include <chrono>

#include "harness/process/child.h"

namespace ipcbench {

// Waits until `child` has ended and reaps it. Kills it after `time`, or when the user wants to stop at once
// (stop_now()). Returns whether it ended by itself.
bool ends_within(Child& child, std::chrono::nanoseconds time);

}  // namespace ipcbench

#pragma once

#include <chrono>

#include "harness/process/child.h"

namespace ipcbench {

// Sleeps until `child` has ended and reaps it; kills it when the time is up, or when the user wants to stop at once
// (stop_now()). True if it ended by itself.
bool ends_within(Child& child, std::chrono::nanoseconds time);

}  // namespace ipcbench

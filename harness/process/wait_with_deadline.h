#pragma once

#include <chrono>
#include <cstdint>

#include "harness/process/child.h"

namespace ipcbench {

// What becomes of a child when the user wants to stop at once: stop_now().
enum class OnStop : std::uint8_t { kill, wait };

// Sleeps until `child` has ended and reaps it; kills it when the time is up, or by `on_stop`. True if it ended by
// itself, or was reaped before.
bool wait_with_deadline(Child& child, std::chrono::nanoseconds time, OnStop on_stop = OnStop::kill);

}  // namespace ipcbench

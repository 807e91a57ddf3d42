#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "harness/process/child.h"

namespace ipcbench {

// What becomes of a child when the user wants to stop at once: stop_now().
enum class OnStop : std::uint8_t { kill, wait };

// Sleeps until `child` has ended and reaps it; kills it when the time is up, or by `on_stop`. True if it ended by
// itself, or was reaped before.
bool wait_with_deadline(Child& child, std::chrono::nanoseconds time, OnStop on_stop = OnStop::kill);

// Does the same, but kills it when `steps`, which it raises in shared memory, has stood still for so long. How fast a
// host is doesn't matter then.
bool wait_while_it_goes_on(Child& child, const std::atomic<std::uint32_t>& steps, std::chrono::nanoseconds time);

}  // namespace ipcbench

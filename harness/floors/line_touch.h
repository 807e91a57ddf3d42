#pragma once

#include <cstddef>

#include "harness/measure/clock.h"

namespace ipcbench {

// Measures how fast one side can write one 8-byte word per 64-byte line of a message, and the other side check it in
// place. Returns bytes per second of a stream of messages of `size` bytes (>= 64), the median of 5 batches. The two
// sides share nothing but the messages and two counters.
//
// On two different CPUs, two forked processes spin on the counters, over a ring of max(64 KiB, 4 * size) bytes of
// shared memory. On one CPU, or unpinned (-1), one process writes and checks each message of the ring in turn, since a
// scheduler's hand-over is not what this bounds. Throws std::runtime_error.
double measure_line_touch(const Clock& clock, int producer_cpu, int consumer_cpu, std::size_t size);

}  // namespace ipcbench

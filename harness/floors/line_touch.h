#pragma once

#include <cstddef>

#include "harness/measure/clock.h"

namespace ipcbench {

// Bytes per second of a stream of messages of `size` bytes (>= 64) of which one 8-byte word per 64-byte line is written
// by one side and checked by the other, in place, with nothing else between them than two counters. Median of 5
// batches.
//
// On two different CPUs: two forked processes that spin on the counters, over a ring of max(64 KiB, 4 * size) bytes of
// shared memory. Else (one CPU, or -1: not pinned) there is no hand-over but the scheduler's, which is not what this
// bounds: one process writes and checks each message of the ring in turn. Throws std::runtime_error.
double measure_line_touch(const Clock& clock, int producer_cpu, int consumer_cpu, std::size_t size);

}  // namespace ipcbench

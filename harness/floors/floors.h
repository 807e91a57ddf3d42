#pragma once

#include <cstddef>
#include <span>

#include "harness/measure/clock.h"
#include "harness/records/machine_records.h"

namespace ipcbench {

// Measure a single floor each: memcpy between two buffers of `size` bytes on the caller's CPU, and two processes on the
// given CPUs that wake each other, there and back. They throw as measure_floors() does.
double memcpy_bytes_per_s(const Clock& clock, std::size_t size);
double futex_rtt_ns(const Clock& clock, int producer_cpu, int consumer_cpu);

// Measures all floors; placement and state are left to the caller. CPUs are Linux numbers, -1: not pinned; `sizes` are
// bytes, each >= 64. It forks short-lived helpers, which are gone on return. It takes about 20 ms + 10 ms a size,
// longer on slow or busy CPUs. Throws std::runtime_error.
FloorRecord measure_floors(const Clock& clock, int producer_cpu, int consumer_cpu, std::span<const std::size_t> sizes);

}  // namespace ipcbench

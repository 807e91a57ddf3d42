#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "harness/measure/clock.h"

namespace ipcbench {

struct Bandwidth {
  std::size_t size = 0;  // bytes
  double bytes_per_s = 0;
};

// Floors are what no mechanism on these CPUs can beat, measured in the same run with the same clock. Values are
// medians.
struct Floors {
  int producer_cpu = -1;
  int consumer_cpu = -1;
  double clock_read_ns = 0;                 // begin() + end()
  double syscall_ns = 0;                    // getppid by syscall(2)
  std::optional<double> cache_line_rtt_ns;  // two CPUs only
  std::optional<double> futex_rtt_ns;       // wake and be woken, both ways, shared futex
  std::vector<Bandwidth> memcpy;            // one CPU (the producer's), source and destination of `size`
  std::vector<Bandwidth> line_touch;        // one side writes a word a line, the other checks it: line_touch.h
};

// Measure a single floor each: memcpy between two buffers of `size` bytes on the caller's CPU, and two processes on the
// given CPUs that wake each other, there and back. They throw as measure_floors() does.
double memcpy_bytes_per_s(const Clock& clock, std::size_t size);
double futex_rtt_ns(const Clock& clock, int producer_cpu, int consumer_cpu);

// Measures all floors. CPUs are Linux numbers, -1: not pinned; `sizes` are bytes, each >= 64. It forks short-lived
// helpers, which are gone on return. It takes about 20 ms + 10 ms a size, longer on slow or busy CPUs. Throws
// std::runtime_error.
Floors measure_floors(const Clock& clock, int producer_cpu, int consumer_cpu, std::span<const std::size_t> sizes);

}  // namespace ipcbench

#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/measure/clock.h"
#include "harness/records/machine_records.h"

namespace ipcbench {

// ClockChoice is the chosen clock and what is known of it. It is stored with every result, never subtracted from a
// value.
struct ClockChoice {
  Clock clock;
  double hz = 0;             // ticks per second
  double overhead_ns = 0;    // clock_overhead_ns()
  double resolution_ns = 0;  // smallest non-zero step seen
  bool cross_cpu_ok = false;
  std::string reason;                       // why this kind and not the other
  std::vector<ClockPairRecord> pairs = {};  // those of the order test
};

// Returns the nanoseconds that a begin() + end() pair takes: the median over batches of each batch's mean.
double clock_overhead_ns(const Clock& clock) noexcept;

// Chooses the TSC if it is invariant, is the kernel's clocksource and passes the order test (clock_order.h) on `cpus`
// (Linux CPU numbers); else CLOCK_MONOTONIC_RAW, with the same test. The TSC's rate is measured against
// CLOCK_MONOTONIC_RAW to within 1 ppm. It takes about 0.1 s and 1 ms per pair of CPUs, on a busy machine up to 5 s, and
// restores the caller's affinity. Throws std::system_error if a CPU can't be used. If no thread can be pinned at all,
// it returns CLOCK_MONOTONIC_RAW, untested.
ClockChoice choose_clock(std::span<const int> cpus);

}  // namespace ipcbench

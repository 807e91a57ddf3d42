#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/records/named.h"

// What a run measures of its machine besides launches.

namespace ipcbench {

struct BandwidthRecord {
  std::uint64_t size = 0;  // bytes
  double bytes_per_s = 0;
};

// Holds the floors of two CPUs: what no mechanism on them can beat, measured in the same run with the same clock.
// Values are medians.
struct FloorRecord {
  PlacementName placement;                  // of these CPUs; set by the run
  std::array<int, 2> cpus{-1, -1};          // producer, consumer
  std::string state;                        // canary state; set when the run is summarised
  std::optional<double> clock_read_ns;      // begin() + end()
  std::optional<double> syscall_ns;         // getppid by syscall(2)
  std::optional<double> cache_line_rtt_ns;  // two CPUs only
  std::optional<double> futex_rtt_ns;       // wake and be woken, both ways, shared futex
  std::vector<BandwidthRecord> memcpy;      // one CPU (the producer's), source and destination of `size`
  std::vector<BandwidthRecord> line_touch;  // one side writes a word a line, the other checks it: line_touch.h
};

// Holds how far the clocks of two CPUs are apart at most, by stamps that were passed both ways: the second reads
// offset_ns ± error_ns more than the first.
struct ClockPairRecord {
  std::array<int, 2> cpus{-1, -1};
  double offset_ns = 0, error_ns = 0;
};

// Says how quiet a CPU is when ipcbench alone uses it. Values that files of earlier builds lack are absent.
struct NoiseRecord {
  int cpu = -1;
  double spin_gap_max_ns = 0;              // longest hole in a loop that does nothing but read the clock
  std::optional<std::uint64_t> spin_gaps;  // holes over 1 us
  double stolen_ratio = 0;                 // share of the time spent in them, 0 to 1
  // Lateness of a 200 us clock_nanosleep, without timer slack. The some hundred sleeps suffice for a median, and for no
  // quantile of the tail.
  std::optional<double> wakeup_p50_ns;  // none under 20 sleeps
  std::optional<double> wakeup_max_ns;
  std::optional<std::uint64_t> wakeups;  // sleeps
};

// Holds what writing and checking the payload itself takes, per 64-byte line of a message, in a cached buffer.
struct InstrumentRecord {
  double write_line_ns = 0, check_line_ns = 0;
};

}  // namespace ipcbench

#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "harness/measure/clock.h"

namespace ipcbench {

struct ClockOrder {
  bool ok = false;
  std::uint64_t exchanges = 0;  // time stamps passed from one CPU to another, all pairs
  std::string problem;          // empty if ok
};

// Does a stamp taken on one CPU after a message has come from another ever lie before the stamp taken there before it
// was sent? Two threads, pinned to a pair of `cpus`, pass a time stamp to and fro 4000 times: the first CPU with each
// other one, and each with its neighbour in the list. No pair, one CPU or none, is in order. A pair that gets too
// little CPU time to finish in 1 s, or all together in 2 s, is a problem, not a wait. Restores the caller's
// affinity. Throws std::system_error if a CPU can't be used.
ClockOrder test_clock_order(const Clock& clock, std::span<const int> cpus);

}  // namespace ipcbench

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

// Tests whether time stamps are in causal order across CPUs: a stamp taken after a message arrived must not lie before
// the stamp taken before it was sent. Two processes, pinned to a pair of `cpus`, exchange stamps 4000 times. The pairs
// are the first CPU with every other one, and each CPU with its neighbour in the list; without a pair the order holds.
// It starts no thread: once a process has had two, glibc's read(), write() and other cancellation points take some 20 ns
// longer in it and in all its children, the workers among them.
// A pair that can't finish in 1 s, or all pairs in 2 s, is reported as a problem. Restores the caller's affinity.
// Throws std::system_error if a CPU can't be used.
ClockOrder test_clock_order(const Clock& clock, std::span<const int> cpus);

}  // namespace ipcbench

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/measure/clock.h"
#include "harness/records/machine_records.h"

namespace ipcbench {

// Holds the least difference of a stamp's receipt and sending between two CPUs, each way.
struct ClockPair {
  int first = -1, second = -1;
  std::uint64_t there_ticks = 0, back_ticks = 0;
};
// Rule 25: returns how much more the second CPU's clock reads than the first's, and by how much that may be wrong.
ClockPairRecord pair_record(const ClockPair& pair, const Clock& clock) noexcept;

struct ClockOrder {
  bool ok = false;
  std::uint64_t exchanges = 0;        // time stamps passed from one CPU to another, all pairs
  std::string problem;                // empty if ok
  std::vector<ClockPair> pairs = {};  // those that were tested and are in order
};

// Tests whether time stamps are in causal order across CPUs: a stamp taken after a message arrived must not lie before
// the stamp taken before it was sent. Two processes, pinned to a pair of `cpus`, exchange stamps 4000 times. The pairs
// are the first CPU with every other one, and each CPU with its neighbour in the list; without a pair the order holds.
// It starts no thread: once a process has had two, glibc's read(), write() and other cancellation points take some 20
// ns longer in it and in all its children, the workers among them. A pair that can't finish in 1 s, or all pairs in 2
// s, is reported as a problem. Restores the caller's affinity. Throws std::system_error if a CPU can't be used.
ClockOrder test_clock_order(const Clock& clock, std::span<const int> cpus);

}  // namespace ipcbench

#pragma once

#include <cstddef>
#include <vector>

#include "harness/host/topology.h"

namespace ipcbench {

// Returns the CPU of each seat of a cast, producers first: rule 29 of docs/method.md. -1 for all that aren't pinned.
// The placement must exist here.
std::vector<int> cast_cpus(const Topology& topology, Placement placement, std::size_t producers, std::size_t consumers);
// Returns the same for producers on one CPU and consumers on another; without consumers, for producers on both in turn.
std::vector<int> cast_cpus(CpuPair pair, std::size_t producers, std::size_t consumers);

// Returns the places of a producer and a consumer whose CPUs are farthest apart; without consumers, of the first
// producer and another one, or of the only one twice.
struct FarthestSeats {
  std::size_t producer = 0, consumer = 0;
};
FarthestSeats farthest_seats(const Topology& topology, const std::vector<int>& cpus, std::size_t producers);

}  // namespace ipcbench

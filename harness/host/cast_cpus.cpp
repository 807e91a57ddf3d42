#include "harness/host/cast_cpus.h"

#include <algorithm>
#include <array>
#include <span>

namespace ipcbench {
namespace {

void add_in_turn(std::vector<int>& cpus, std::span<const int> of_side, std::size_t seats) {
  for (std::size_t i = 0; i < seats; ++i) cpus.push_back(of_side[i % of_side.size()]);
}

}  // namespace

std::vector<int> cast_cpus(const Topology& topology, Placement placement, std::size_t producers,
                           std::size_t consumers) {
  const std::vector<int> near = topology.cpus_by_nearness();
  std::vector<int> cpus;
  if (placement == Placement::spread) {
    add_in_turn(cpus, near, producers + consumers);
  } else if (placement == Placement::split && near.size() > 1) {
    const std::span<const int> all(near);
    const std::size_t half = near.size() / 2;
    add_in_turn(cpus, all.first(half), producers);
    add_in_turn(cpus, all.subspan(half), consumers);
  } else {
    return cast_cpus(topology.pair(placement).value_or(CpuPair{}), producers, consumers);
  }
  return cpus;
}

std::vector<int> cast_cpus(CpuPair pair, std::size_t producers, std::size_t consumers) {
  if (consumers == 0) {
    std::vector<int> cpus;
    add_in_turn(cpus, std::array{pair.producer, pair.consumer}, producers);
    return cpus;
  }
  std::vector<int> cpus(producers, pair.producer);
  cpus.insert(cpus.end(), consumers, pair.consumer);
  return cpus;
}

FarthestSeats farthest_seats(const Topology& topology, const std::vector<int>& cpus, std::size_t producers) {
  // Without consumers the farthest from the first producer: none is farther from another, since nearness is nested.
  const bool has_consumers = cpus.size() > producers;
  FarthestSeats farthest{.producer = 0, .consumer = has_consumers ? producers : 0};
  Placement widest = Placement::same_cpu;
  for (std::size_t producer = 0; producer < (has_consumers ? producers : 1); ++producer) {
    for (std::size_t consumer = has_consumers ? producers : 1; consumer < cpus.size(); ++consumer) {
      if (cpus[producer] < 0 || cpus[consumer] < 0) continue;
      const Placement here = topology.classify({cpus[producer], cpus[consumer]});
      if (here <= widest) continue;
      widest = here;
      farthest = {producer, consumer};
    }
  }
  return farthest;
}

}  // namespace ipcbench

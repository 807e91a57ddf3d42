#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "harness/host/topology.h"

namespace ipcbench {

// Lists the pairs of different CPUs in one class.
struct CpuPairClass {
  Placement placement = Placement::smt;
  std::vector<CpuPair> all;     // producer < consumer; ascending
  std::vector<CpuPair> chosen;  // ascending; all of them, or the class's representative and others evenly spaced
};

struct CpuPairChoice {
  std::vector<CpuPairClass> classes;  // nearest first; without empty classes
  std::chrono::nanoseconds each{};    // time for one pair

  std::size_t pairs() const noexcept;
  std::size_t chosen() const noexcept;
};

// Chooses the pairs to measure within `total`, each for at least `least` and at most `most`. If there are too many, the
// classes get equal shares, and a class that needs less leaves the rest to others. Each class gets at least one pair.
// Deterministic.
CpuPairChoice choose_cpu_pairs(const Topology& topology, std::chrono::nanoseconds total, std::chrono::nanoseconds least,
                               std::chrono::nanoseconds most);

// Returns one pair of each class in turn, so that an interrupted measurement has some of each.
std::vector<CpuPair> in_turn(const CpuPairChoice& choice);

}  // namespace ipcbench

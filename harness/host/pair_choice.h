#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "harness/host/topology.h"

namespace ipcbench {

// The pairs of two different CPUs of one class.
struct PairClass {
  Placement placement = Placement::smt;
  std::vector<CpuPair> all;     // producer < consumer; ascending
  std::vector<CpuPair> chosen;  // ascending; all of them, or the class's representative and others evenly spaced
};

struct PairChoice {
  std::vector<PairClass> classes;   // nearest first; only those that exist
  std::chrono::nanoseconds each{};  // time for one pair

  std::size_t pairs() const noexcept;
  std::size_t chosen() const noexcept;
};

// What can be measured in `total`, each pair taking at least `least` and at most `most`. Where there are too many pairs
// the classes share alike, and a class that needs less leaves its share to the others; at least one pair of each is
// chosen. The same topology and times always give the same choice.
PairChoice choose_pairs(const Topology& topology, std::chrono::nanoseconds total, std::chrono::nanoseconds least,
                        std::chrono::nanoseconds most);

// One pair of each class in turn, so that a measurement that is cut short has some of each.
std::vector<CpuPair> in_turn(const PairChoice& choice);

}  // namespace ipcbench

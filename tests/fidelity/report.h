#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/measure/clock_choice.h"
#include "results/model/record.h"
#include "tests/fidelity/comparison.h"

namespace ipcbench::fidelity {

// Holds all that one run of the program found.
struct Findings {
  bool complete = false;
  std::string command;
  std::string started;
  std::uint64_t seed = 0;
  StoppingRule rule;
  ToolRecord tool;
  MachineRecord machine;
  ClockChoice clock;
  std::vector<Comparison> comparisons;

  // Returns whether every judged comparison that could run is within its target, and there is at least one.
  bool within_targets() const;
  // Returns whether any judged comparison contradicts its target, or failed.
  bool misses_any() const;
};

// Formats for people: a line for each comparison, then what was left out and why.
std::string to_text(const Findings& findings);

// Returns {"schema": "ipcbench-fidelity", "version": 1, …} with every pair, so that all figures can be recomputed.
std::string to_json(const Findings& findings);

}  // namespace ipcbench::fidelity

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/measure/clock_choice.h"
#include "results/model/record.h"
#include "tests/fidelity/fidelity_case.h"

namespace ipcbench::fidelity {

// Holds all that one run of the program found.
struct Findings {
  bool complete = false;
  std::string command;
  std::string started;
  std::uint64_t seed = 0;
  StoppingRule rule;
  BuildInfo build;
  MachineRecord machine;
  ClockChoice clock;
  std::vector<FidelityCase> cases;

  // Returns whether every judged case that could run is within its target, and there is at least one.
  bool within_targets() const;
  // Returns whether any judged case contradicts its target, or failed.
  bool misses_any() const;
};

// Formats for people: a line for each case, then what was left out and why.
std::string to_text(const Findings& findings);

// Returns {"schema": "ipcbench-fidelity", "version": 1, …} with every pair, so that all figures can be recomputed.
std::string to_json(const Findings& findings);

}  // namespace ipcbench::fidelity

#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "harness/host/topology.h"
#include "harness/measure/clock.h"
#include "harness/plan/plan.h"
#include "harness/run_dir/run_dir.h"
#include "tests/fidelity/judgement.h"

namespace ipcbench::fidelity {

// Holds what both arms of a case are told.
struct Orders {
  const PlannedCase& planned;  // with its ops
  Clock clock;
  std::uint64_t seed = 0;
};

// Runs one launch of the harness. Throws std::runtime_error with the reason if it fails.
LaunchTimes launch_harness(const Orders& orders, RunDir& run_dir);

// Returns whether a bare program of this name was built.
bool is_built(const std::string& program);

// Runs a bare program once. Throws std::runtime_error or std::system_error.
LaunchTimes run_bare(const std::string& program, const Orders& orders);

// Runs bare-spsc-ring, which has its own arguments and no canaries. The floor's cache-line round trip before and after
// replaces them.
LaunchTimes run_bare_ring(const std::string& program, const Orders& orders);

// Measures two sides that touch every line of messages of this size, without a transport between them (measure_floors).
LaunchTimes touch_lines(const Orders& orders);

// Returns the time of an op of the harness, from a pilot.
double pilot_op_ns(const PlannedCase& planned, const Clock& clock, std::uint64_t seed, RunDir& run_dir);

}  // namespace ipcbench::fidelity

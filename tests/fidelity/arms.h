#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "harness/host/topology.h"
#include "harness/measure/clock.h"
#include "harness/plan/plan.h"
#include "harness/run_dir/run_dir.h"
#include "tests/fidelity/sample.h"

namespace ipcbench::fidelity {

// What both arms of a comparison are told alike.
struct Orders {
  const PlannedCase& planned;  // with its ops
  Clock clock;
  std::uint64_t seed = 0;
};

// One launch of the harness. Throws std::runtime_error with the launch's reason where it broke.
Sample launch_harness(const Orders& orders, RunDir& run_dir);

// Whether there is a bare program of this name beside this one.
bool is_built(const std::string& program);

// One run of a bare program, Throws std::runtime_error, std::system_error.
Sample run_bare(const std::string& program, const Orders& orders);

// The same for bare-spsc-ring, which has arguments of its own and no canaries: the floor's cache-line round trip before
// and after it stands in for them.
Sample run_bare_ring(const std::string& program, const Orders& orders);

// The touch of every line of messages of this size by two sides with nothing between them (measure_floors).
Sample touch_lines(const Orders& orders);

// How long an op of the harness takes, from a pilot that measures nothing else.
double pilot_op_ns(const PlannedCase& planned, const Clock& clock, std::uint64_t seed, RunDir& run_dir);

}  // namespace ipcbench::fidelity

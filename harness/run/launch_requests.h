#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "harness/host/topology.h"
#include "harness/launch/launch_request.h"
#include "harness/measure/clock.h"
#include "harness/plan/plan.h"
#include "harness/run_dir/run_dir.h"
#include "results/model/record.h"

namespace ipcbench {

// What a request for any launch of a case becomes: one for its pilot,
LaunchRequest pilot_request(LaunchRequest request);
//   or one for a launch with the lengths that the pilot has set,
LaunchRequest block_request(LaunchRequest request, const PlannedCase& planned);
//   or one for a launch that counts system calls: shorter, since each call of it is slow.
LaunchRequest counting_request(LaunchRequest request, const PlannedCase& planned);

// The CPUs that the plan's runnable cases may run on, ascending.
std::vector<int> cpus_used(const Plan& plan, const Topology& topology);

// Launches of planned cases, one at a time, for whoever decides on their order and number: `run` has a planner, Google
// Benchmark another. A launch has no pass and no place in one.
class CaseLauncher {
 public:
  // Chooses the clock, and measures what the hybrid waits of `plan` spin for. Throws std::system_error.
  CaseLauncher(const Plan& plan, const Topology& topology, PayloadMode payload, std::uint64_t seed);

  // A discarded launch that sets the lengths of `planned` for blocks of `block`; they stay 0 if it broke.
  LaunchOutcome pilot(PlannedCase& planned, std::chrono::nanoseconds block);
  // Of a case whose pilot ended well; every launch has a payload of its own.
  LaunchOutcome launch(const PlannedCase& planned);

  const Clock& clock() const noexcept { return clock_; }
  // One for each placement with a hybrid wait, for all of its launches.
  const std::vector<HybridSpinRecord>& hybrid_spins() const noexcept { return hybrid_spins_; }
  const RunDir& run_dir() const noexcept { return run_dir_; }

 private:
  LaunchRequest request_for(const PlannedCase& planned);

  PayloadMode payload_;
  std::uint64_t seed_;
  std::uint64_t launches_ = 0;
  Clock clock_;
  std::vector<HybridSpinRecord> hybrid_spins_;
  RunDir run_dir_;
};

}  // namespace ipcbench

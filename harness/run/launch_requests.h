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

// Turn a general request for a case into that of its pilot,
LaunchRequest pilot_request(LaunchRequest request);
//   of a launch with the pilot's lengths,
LaunchRequest block_request(LaunchRequest request, const PlannedCase& planned);
//   or of a launch that counts system calls, which is shorter, since counted calls are slow.
LaunchRequest counting_request(LaunchRequest request, const PlannedCase& planned);

// Returns the CPUs that the plan's runnable cases may use, ascending.
std::vector<int> cpus_used(const Plan& plan, const Topology& topology);

// Runs launches of planned cases, one at a time, for a caller that decides on order and number: a run has passes,
// Google Benchmark doesn't.
class CaseLauncher {
 public:
  // Chooses the clock and measures the hybrid spins of `plan`. Throws std::system_error.
  CaseLauncher(const Plan& plan, const Topology& topology, PayloadMode payload, std::uint64_t seed);

  // Runs a discarded launch that sets the lengths of `planned` for blocks of `block`; they stay 0 if it fails.
  LaunchOutcome pilot(PlannedCase& planned, std::chrono::nanoseconds block);
  // Runs a launch of a case whose pilot succeeded; every launch has its own payload.
  LaunchOutcome launch(const PlannedCase& planned);

  const Clock& clock() const noexcept { return clock_; }
  // One time per placement with a hybrid wait, for all of its launches.
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

#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include "harness/host/topology.h"
#include "harness/measure/clock.h"
#include "harness/measure/payload.h"
#include "harness/plan/plan.h"
#include "results/model/record.h"

namespace ipcbench {

// What a run measures of its host, as opposed to its cases: clock, noise and floors, into a result that outlives it.
class RunHost {
 public:
  RunHost(const Plan& plan, const Topology& topology, Result& result)
      : plan_(plan), topology_(topology), result_(result) {}

  // Before any launch; says what it does by `report`. Times of hybrid waits that the result has already are kept. Where
  // an earlier part of the run has done it (`known`), what is stored stays and is added to. Throws std::system_error.
  void measure(PayloadMode payload, bool known, const std::function<void(std::string_view)>& report);
  // The floors once more: before the first pass and after each. Like a case, a floor is drawn anew with every pair of
  // processes, and the tables need it in the canary state that they use. Ends early once a stop is asked for.
  void sample_floors();
  // When the result's canary states are final: its floors are those of the states, and a time of the hybrid wait that
  // was measured in another state is said to be.
  void settle_floors();

  const Clock& clock() const noexcept { return clock_; }
  // One time for each placement, measured before the first launch; the same when the run is resumed.
  std::chrono::nanoseconds hybrid_spin(Placement placement) const noexcept;

 private:
  void set_clock(const ClockRecord& clock, bool known);
  void measure_noise_of(const std::vector<int>& cpus);
  void add_noise(const NoiseRecord& noise);
  void choose_hybrid_spins(bool known);

  const Plan& plan_;
  const Topology& topology_;
  Result& result_;
  Clock clock_;
  std::vector<FloorRecord> floor_samples_;
};

}  // namespace ipcbench

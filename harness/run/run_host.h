#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include "harness/host/topology.h"
#include "harness/measure/clock.h"
#include "harness/measure/clock_order.h"
#include "harness/measure/payload.h"
#include "harness/plan/plan.h"
#include "results/model/record.h"

namespace ipcbench {

// Measures the host for a run: clock, noise and floors. It fills a result, which must outlive it.
class RunHost {
 public:
  RunHost(const Plan& plan, const Topology& topology, Result& result)
      : plan_(plan), topology_(topology), result_(result) {}

  // Measures before any launch; `report` receives what it does. Hybrid spins that the result already has are kept. If
  // an earlier part of the run has measured the host (`known`), its values stay and are added to. Throws
  // std::system_error.
  void measure(PayloadMode payload, bool known, const std::function<void(std::string_view)>& report);
  // Samples the floors again: before the first pass and after each. A floor varies with each pair of processes, and the
  // tables need it in their canary state. What breaks, as by a kill, is left out with a note; there are others. Ends
  // early if a stop is requested.
  void sample_floors();
  // Settles the floors once the canary states are final. It merges them by state, and marks a hybrid spin measured in
  // another state.
  void settle_floors();

  const Clock& clock() const noexcept { return clock_; }
  // Returns the hybrid spin of a placement, measured before the first launch and kept when the run is resumed.
  std::chrono::nanoseconds hybrid_spin(Placement placement) const noexcept;

 private:
  void set_clock(const ClockRecord& clock, bool known);
  std::vector<ClockPair> untested_pairs(const ClockRecord& clock) const;
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

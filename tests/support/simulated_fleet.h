#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "results/fleet/slow_hosts.h"
#include "results/model/record.h"

namespace ipcbench {

// Says how the hosts of a simulated class differ for reasons that aren't of interest.
enum class HostEffect : std::uint8_t { normal, heavy, normal_by_case, heavy_by_case };

struct FleetSettings {
  std::size_t hosts = 500;
  std::size_t slow = 5;  // the first ones: slower by 10 % in a third of the cases, each in others
  // By 2 %: one effect for all cases of a host, or one for each. heavy: by Student's t(3).
  HostEffect effect = HostEffect::normal;
};

// Makes fleets from the launches of one result: a host's time in a case is the median of as many launches, drawn with
// replacement.
class FleetSimulator {
 public:
  explicit FleetSimulator(const Result& result);
  // Returns the logarithms of the times of each host.
  std::vector<CaseValues> fleet(const FleetSettings& settings, std::mt19937_64& random) const;

 private:
  std::vector<std::vector<double>> ln_launches_;  // by case
};

struct FleetOutcome {
  std::size_t found = 0, falsely = 0;  // hosts that stand out: slow ones, others
};
FleetOutcome judge_fleet(const std::vector<CaseValues>& fleet, std::size_t slow);

}  // namespace ipcbench

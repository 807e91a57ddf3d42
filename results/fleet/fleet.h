#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "results/fleet/coincidences.h"
#include "results/fleet/fleet_host.h"
#include "results/fleet/slow_hosts.h"

// Puts results of one suite on many machines side by side: by machine class, how hosts differ and which are slow.

namespace ipcbench {

// Tells how the hosts of a class differ in one case. Hosts in another canary state are another row.
struct CaseDistribution {
  std::string id, state;  // state: "" if the placement has one in this class
  std::size_t hosts = 0;
  double min_ns = 0, low_ns = 0, median_ns = 0, high_ns = 0, max_ns = 0;  // low, high: quartiles
  double spread = 0;  // 1.4826 x the median absolute deviation, by the median
};

// Names a case in which a host is slower than its class.
struct SlowCase {
  std::string id;
  double ratio = 1;  // to the class's median
};

struct ClassHost {
  FleetHost host;
  std::optional<HostStanding> standing;   // none: not judged
  std::vector<SlowCase> slow_cases = {};  // of a host that stands out: the clearest first
};

struct FleetClass {
  std::string machine_class, conditions;
  std::vector<ClassHost> hosts;         // those that stand out first, then by p
  std::size_t judged = 0;               // so many hosts of them; 0: too few
  std::vector<CaseDistribution> cases;  // in the order of the first host's
  std::vector<Coincidence> coincidences;
  std::vector<std::string> shared_names;  // of hosts that several results name

  std::size_t standing_out() const noexcept;
};

struct RepeatedRun {
  std::string file, first;  // `first` has the same run
};

struct Fleet {
  std::vector<FleetClass> classes;  // the largest first
  std::vector<RepeatedRun> repeated;

  std::size_t judged() const noexcept;
  std::size_t standing_out() const noexcept;
};

// Sorts hosts into classes and judges them. A run that is there twice counts once.
Fleet compare_hosts(std::vector<FleetHost> hosts);

}  // namespace ipcbench

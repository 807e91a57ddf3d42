#pragma once

#include <string>
#include <utility>
#include <vector>

#include "results/model/record.h"

// Reduces a result to what a fleet needs of it, so that a thousand of them fit into memory.

namespace ipcbench {

// Holds the time of one case of a host: the median over the used launches of what an op took.
struct HostCase {
  std::string id;
  PlacementName placement;
  double ns = 0;
};

struct FleetHost {
  std::string file;
  std::string name;  // of the host, as it calls itself; "": not stored
  std::string run;   // equal for the same run only
  // What hosts of one class have in common: all that forbids a comparison of their figures.
  std::string machine_class, conditions;  // conditions: unusual_text()
  std::vector<HostCase> cases;
  std::vector<std::pair<PlacementName, double>> canaries;       // ns: the median of each placement's used launches
  std::vector<std::pair<std::string, std::string>> provenance;  // key and value of what may differ within a class
};

// Returns what an op took in each used launch of a case, in ns.
std::vector<double> op_times(const CaseRecord& c);

// Reduces a summarised result. Cases that failed, or that a limit of the host changed, are left out.
FleetHost fleet_host(const Result& result, std::string file);

}  // namespace ipcbench

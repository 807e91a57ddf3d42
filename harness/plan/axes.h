#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "harness/host/topology.h"
#include "harness/plan/selection.h"
#include "harness/suite/suite.h"

namespace ipcbench {

// Describes a group of cases with every axis resolved. Transports are registry indices.
struct Axes {
  std::vector<std::size_t> transports;
  std::vector<Scenario> scenarios;
  std::vector<Placement> placements;
  std::vector<std::string> waits;
  std::vector<std::size_t> sizes;
  std::vector<std::pair<std::string, std::string>> options;
  bool all_transports = false;
  // Both transports and waits were named: combinations that don't exist are listed as skipped.
  bool lists_missing_waits = false;
};

// Resolves the groups of a suite, narrowed by a selection. `notes` gets what this machine lacks of "all" and "nearest".
// Throws UsageError for unknown names.
std::vector<Axes> resolve_axes(const Suite& suite, const Selection& selection, const Topology& topology,
                               std::vector<std::string>& notes);

}  // namespace ipcbench

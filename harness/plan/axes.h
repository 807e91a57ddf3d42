#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "harness/host/topology.h"
#include "harness/plan/selection.h"
#include "harness/suite/suite.h"

namespace ipcbench {

// A group with every axis spelt out. Transports are registry indices.
struct Axes {
  std::vector<std::size_t> transports;
  std::vector<Scenario> scenarios;
  std::vector<Placement> placements;
  std::vector<std::string> waits;
  std::vector<std::size_t> sizes;
  std::vector<std::pair<std::string, std::string>> options;
  bool all_transports = false;
  bool lists_missing_waits = false;  // the same hand named transports and waits: what doesn't fit is listed as skipped
};

// The groups of a suite as a selection leaves them. `notes` gets what the machine lacks of "all" and "nearest". Throws
// UsageError for unknown names.
std::vector<Axes> resolve_axes(const Suite& suite, const Selection& selection, const Topology& topology,
                               std::vector<std::string>& notes);

}  // namespace ipcbench

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/host/topology.h"

namespace ipcbench {

// What the command line narrows a suite by. Empty: no restriction. Sizes and waits replace those of the suite.
// Transports, scenarios and placements keep of each group what it has of them, so that a group's other axes stay with
// the values they were meant for; one that no group has is added to all. Options replace those of the same name.
// `filters` only select.
struct Selection {
  std::vector<std::string> filters;  // id_filter.h; over case ids, a leading '-' negates; all must hold
  std::vector<std::string> transports;
  std::vector<std::string> scenarios;
  std::vector<std::size_t> sizes;
  std::vector<std::string> waits;
  std::vector<std::string> placements;
  std::optional<CpuPair> cpus;  // instead of placements: this very pair
  std::vector<std::pair<std::string, std::string>> options;
};

}  // namespace ipcbench

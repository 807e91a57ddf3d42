#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/host/topology.h"
#include "harness/measure/payload.h"
#include "harness/suite/workers.h"

namespace ipcbench {

// Narrows a suite by what the command line names; empty: no restriction.
//   - Sizes and waits replace those of the suite.
//   - Transports, scenarios and placements are intersected with each group, which keeps its other axes; one that no
//     group has is added to all groups.
//   - Options replace those of the same name, workers those of the suite.
//   - Filters only select.
struct Selection {
  std::vector<std::string> filters;  // id_filter.h; over case ids, a leading '-' negates; all must hold
  std::vector<std::string> transports;
  std::vector<std::string> scenarios;
  std::vector<std::size_t> sizes;
  std::vector<std::string> waits;
  std::vector<std::string> placements;
  std::optional<CpuPair> cpus;  // instead of placements: this very pair
  std::vector<std::pair<std::string, std::string>> options;
  std::optional<Workers> workers = {};
  PayloadMode payload = PayloadMode::lines;
};

}  // namespace ipcbench

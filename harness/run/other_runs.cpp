#include "harness/run/other_runs.h"

#include <fmt/core.h>

namespace ipcbench {

std::vector<CheckRecord> OtherRuns::look(const RunDir& own) {
  std::vector<CheckRecord> found;
  for (const RunDir::Live& other : own.others()) {
    if (!seen_.insert(other.id).second) continue;
    const std::string pid = other.pid == 0 ? "of unknown number" : std::to_string(other.pid);
    found.push_back({.id = "other-run",
                     .severity = "noisy",
                     .text = fmt::format("another ipcbench, process {}, measured at the same time", pid),
                     .source = "run directory " + other.id});
  }
  return found;
}

}  // namespace ipcbench

#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/os/run_dir.h"
#include "results/record.h"

namespace ipcbench {

// Keeps an eye on other runs of this user: two that measure at the same time disturb each other.
class OtherRuns {
 public:
  // A finding for each run that lives now and was not there at the last look. Not while a launch is measured.
  std::vector<CheckRecord> look(const RunDir& own);

 private:
  std::set<std::string> seen_;
};

}  // namespace ipcbench

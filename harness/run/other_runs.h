#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/run_dir/run_dir.h"
#include "results/model/record.h"

namespace ipcbench {

// Notices other runs of this user: two that measure at the same time disturb each other. A look lists the run
// directories: about 25 us, and 20 us for each other run, so that it can follow each launch. Never during one.
class OtherRuns {
 public:
  // Looks at which runs live now. Returns a warning for stderr when there is a new one, else "". After some warnings
  // new runs are only counted: each launch of another comparison is a run of its own.
  std::string look(const RunDir& own);
  // Looks after a launch of pass `pass` (0-based) and marks `launch` with how many other runs lived at its end.
  std::string look_after(LaunchRecord& launch, int pass, const RunDir& own);

  // How many others lived at the last look.
  std::size_t now() const noexcept { return now_; }
  // One check for MachineRecord::checks says all that was seen until now; none if no other run was seen.
  std::optional<CheckRecord> finding() const;

 private:
  std::set<std::string> seen_;           // ids
  std::vector<std::string> first_ids_;   // of the first few,
  std::vector<std::string> first_pids_;  //   and their processes
  std::size_t now_ = 0;
  std::size_t launches_ = 0;       // that ended beside another run
  std::optional<int> first_pass_;  // of these launches
};

// LaunchRecord::environment holds the mark under this key; a launch without other runs has no such key.
inline constexpr const char* kOtherRunsKey = "other_runs";

}  // namespace ipcbench

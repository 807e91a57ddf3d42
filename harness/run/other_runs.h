#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/run_dir/run_dir.h"
#include "results/model/record.h"

namespace ipcbench {

// Detects other runs of this user, since two concurrent runs disturb each other. A look lists the run directories,
// which takes about 25 us and 20 us for each other run. It can follow every launch, but must not happen during one.
class OtherRuns {
 public:
  // Looks for runs that are alive. Returns a warning for stderr if there is a new one, else "". After some warnings new
  // runs are only counted, since each launch of a comparison is a run of its own.
  std::string look(const RunDir& own);
  // Looks after a launch of pass `pass` (0-based) and stores in `launch` how many other runs were alive at its end.
  std::string look_after(LaunchRecord& launch, int pass, const RunDir& own);

  // Returns how many others were alive at the last look.
  std::size_t now() const noexcept { return now_; }
  // Returns a check for MachineRecord::checks that sums up all looks; none if no other run was seen.
  std::optional<HostCheck> finding() const;
  // Keeps that check as a single one among `checks`, which must be the same list each time.
  void keep_finding(std::vector<HostCheck>& checks);

 private:
  std::set<std::string> seen_;           // ids
  std::vector<std::string> first_ids_;   // of the first few runs
  std::vector<std::string> first_pids_;  // and their processes
  std::size_t now_ = 0;
  std::size_t launches_ = 0;            // launches that ended while another run was alive
  std::optional<int> first_pass_;       // of the first such launch
  std::optional<std::size_t> kept_at_;  // index of the check in the list that keeps it
};

// The key in LaunchRecord::environment for the number of other runs; absent if there were none.
inline constexpr const char* kOtherRunsKey = "other_runs";

}  // namespace ipcbench

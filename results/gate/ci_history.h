#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/gate/resampling.h"

// Reads real jobs with a known answer, as tools/ci-figures stores them: JSON Lines, one job each.

namespace ipcbench {

struct CiJob {
  std::string figure;  // what was done to the head: "identical builds", "+10 %", "+syscall" …
  std::string target;  // the transport that was changed; "": none
  double seconds = 0;
  int exit_code = -1;
  std::vector<std::string> regressed, improved;  // transports of gated figures with that verdict
  std::vector<std::string> counted;              // transports with a regressed count
  std::size_t undecided = 0;                     // undecided gated figures, unstable ones included
};

// Throws ResultError for any malformed text; a torn last line is skipped.
std::vector<CiJob> ci_jobs_from_text(std::string_view text, const std::string& file);

// Sums up the jobs that share a figure.
struct CiRates {
  bool has_target = false;
  Rate caught;    // the target regressed, and the job failed with 1
  Rate counted;   // the target's count regressed: system calls or context switches
  Rate improved;  // the target is called improved
  Rate wrong;     // something other than the target regressed
  double longest_s = 0;
  std::vector<double> undecided;  // undecided gated figures of each job

  void add(const CiJob& job);
};

}  // namespace ipcbench

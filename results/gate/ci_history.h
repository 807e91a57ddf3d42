#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/gate/resampling.h"

// Real jobs with a known answer, as tools/ci-figures stores them: JSON Lines, one job each.

namespace ipcbench {

struct LiveJob {
  std::string figure;  // what was done to the head: "identical builds", "+10 %", "+syscall" …
  std::string target;  // the transport it was done to; "": none
  double seconds = 0;
  int exit_code = -1;
  std::vector<std::string> regressed, improved;  // transports of gated figures with that verdict
  std::vector<std::string> counted;              // transports of which a count regressed
  std::size_t undecided = 0;                     // gated figures, those that are unstable included
};

// Throws ResultError, whatever the text holds; a torn last line is left out.
std::vector<LiveJob> live_jobs_from_text(std::string_view text, const std::string& file);

// Of the jobs of one figure.
struct LiveRates {
  bool has_target = false;
  Rate caught;    // the target regressed, and the job failed with 1
  Rate counted;   // by a count: system calls, context switches
  Rate improved;  // the target is called improved
  Rate wrong;     // anything else regressed
  double longest_s = 0;
  std::vector<double> undecided;  // gated figures of each job

  void add(const LiveJob& job);
};

}  // namespace ipcbench

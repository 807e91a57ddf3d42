#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "results/compare/pairs.h"
#include "results/gate/job_report.h"

// What a job of pairs measures next. A step depends on the stored pairs alone, so that a job that was stopped goes on
// as it would have.

namespace ipcbench {

// Rounds of some cases in one stage.
struct JobStep {
  bool counts = false;    // of launches that count system calls
  bool confirms = false;  // fresh rounds of candidates
  int rounds = 0;         // each case is measured until it has so many, those that it has already included
  std::vector<std::string> cases = {};  // ids; none: nothing is left to do

  bool is_first(const PairHeader& header) const noexcept;  // what every job measures, before anything is decided
};

// Rounds that count system calls: enough for an interval if all cases have two gated figures.
int counting_rounds(const PairHeader& header);

// Returns the next step of a job with looks. First come the rounds that count (`counts_calls`: whether both arms can)
// and the timed ones up to the first look; then, by `report`, fresh rounds of the worst ten candidates; then the gated
// figures that are undecided, those with the nearest look first.
JobStep next_step(const PairSession& session, const JobReport& report, bool counts_calls);

// Pairs that the step lacks of a case, and of all its cases.
std::size_t pairs_lacking(const PairSession& session, const JobStep& step, const std::string& case_id);
std::size_t pairs_lacking(const PairSession& session, const JobStep& step);

// Seconds that the step will take, by what the pairs of its cases have taken on average. 0 for cases without any.
double seconds_for(const PairSession& session, const JobStep& step);

// The step with as many of its cases as fit into `seconds`, those that take least first.
JobStep part_within(const PairSession& session, JobStep step, double seconds);

}  // namespace ipcbench

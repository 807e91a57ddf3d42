#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "results/compare/pairs.h"
#include "results/gate/job_outcome.h"

// Chooses what a job of pairs measures next. The choice depends on the stored pairs alone, so that a stopped job
// resumes as it would have gone on.

namespace ipcbench {

// Names cases to measure up to a number of rounds in one stage.
struct JobStep {
  bool counts = false;                  // the launches count system calls
  bool confirms = false;                // these are a candidate's fresh rounds
  int rounds = 0;                       // each case is measured until it has so many rounds, stored ones included
  std::vector<std::string> cases = {};  // ids; empty: nothing is left to do

  bool is_first(const PairHeader& header) const noexcept;  // whether every job measures this, before any decision
};

// Returns how many rounds count system calls: enough for an interval if every case has two gated figures.
int counting_rounds(const PairHeader& header);
// Returns those of `ids` whose system calls are counted: of casts none are.
std::vector<std::string> counted_cases(const PairSession& session, std::vector<std::string> ids);

// Returns the next step of a job with looks. First come counting rounds, if both arms can count (`counts_calls`), and
// timed rounds up to the first look. Then, by `report`, come fresh rounds of the worst ten candidates. Undecided gated
// figures come last, those with the nearest look first.
JobStep next_step(const PairSession& session, const JobOutcome& outcome, bool counts_calls);

// Return how many pairs the step still needs of a case, and of all its cases.
std::size_t pairs_lacking(const PairSession& session, const JobStep& step, const std::string& case_id);
std::size_t pairs_lacking(const PairSession& session, const JobStep& step);

// Estimates the step's seconds from the mean time of its cases' pairs. Cases without pairs count as 0.
double seconds_for(const PairSession& session, const JobStep& step);

// Returns the step with as many of its cases as fit into `seconds`, the shortest first.
JobStep part_within(const PairSession& session, JobStep step, double seconds);

}  // namespace ipcbench

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "results/files/pair_file.h"
#include "results/gate/job_steps.h"

// Says what `calibrate` has still to measure, and what it left unfinished.

namespace ipcbench {

// Returns the timed pairs of a case's first rounds that the file has, broken ones included.
std::size_t pairs_stored(const PairFile& file, const std::string& case_id);

// Returns the steps of a new session after which each case has `planned` pairs, stored ones included. All cases are in
// the first step, if they lack any, and those that lack most are in the last.
std::vector<JobStep> steps_up_to(std::size_t planned, const PairFile& stored, const std::vector<std::string>& cases);

// Returns the pairs that the steps take together, one after the other.
std::size_t pairs_in(const std::vector<JobStep>& steps);

// Says which of the cases have fewer than `planned` pairs, and why: one in `given_up` broke twice, and the others were
// left by the budget, if there is one. "" if there is nothing to say.
std::string unfinished_text(std::size_t planned, const PairFile& stored, const std::vector<std::string>& cases,
                            const std::vector<std::string>& given_up, bool has_budget);

}  // namespace ipcbench

#pragma once

#include <chrono>

#include "harness/plan/plan.h"

// Estimates the time of a job of paired launches: the costs of cases as in a run (plan_time.h) plus the start of the
// arm's program. There are no passes, floors or canary repeats.

namespace ipcbench {

// Returns the time of pilots, counting rounds and `rounds` timed rounds.
std::chrono::nanoseconds estimate_pairs(const Plan& plan, int rounds);

// Fits a job to `budget`. It shortens plan.block, down to 5 ms, by the default host speed, and then reduces the rounds,
// to 9 at least. Returns the rounds; notes in the plan what was done and what doesn't fit.
int fit_pairs_to_budget(Plan& plan, int rounds, std::chrono::nanoseconds budget);

}  // namespace ipcbench

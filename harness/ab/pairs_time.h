#pragma once

#include <chrono>

#include "harness/plan/plan.h"

// The time that a job of paired launches takes: by the costs of cases as of a run (plan_time.h), and what it takes to
// start the program of an arm. There are no passes, floors and canary repeats.

namespace ipcbench {

// Pilots, the rounds that count system calls and `rounds` timed ones.
std::chrono::nanoseconds estimate_pairs(const Plan& plan, int rounds);

// Shortens plan.block, down to 5 ms, until so many rounds fit `budget` by the speed that is assumed of every host; then
// returns fewer rounds, 9 at least where there were as many. Notes in the plan what was done, and what doesn't fit.
int fit_pairs_to_budget(Plan& plan, int rounds, std::chrono::nanoseconds budget);

}  // namespace ipcbench

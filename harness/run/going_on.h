#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "harness/run/run_state.h"
#include "results/model/record.h"

namespace ipcbench {

// Decides which cases get more launches than the passes gave them (rule 34). It is asked at each of the plan's looks
// but the last.
struct GoingOn {
  std::function<std::vector<bool>(const Result&)> wants = {};  // by case, of the summarised result; none: no case does
  std::string what = {};                                       // how people call a case that does: "undecided"
};

// Returns the cases that are wider than the ratio of a plan.
GoingOn wider_cases(double precision);

// Returns the cases to continue with up to a look, including those for which an earlier part of the run began it.
// Summarises the result.
std::vector<std::size_t> cases_wanting(RunState& state, const GoingOn& going_on, std::size_t look);

// Returns the time of the launches that lead these cases to a look, and of sampling the floors once. `slowness` is the
// ratio of launches' actual time to the expected one.
double ns_up_to(const RunState& state, const std::vector<std::size_t>& cases, std::size_t look, double slowness);

// Says which cases still want more launches at the end; "" if none does. `fits`: the last look, after `launches`, was
// reached; otherwise the budget ended before it. Summarises the result.
std::string what_is_left(RunState& state, const GoingOn& going_on, bool fits, int launches);

}  // namespace ipcbench

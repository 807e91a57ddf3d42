#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/selftest/test_launches.h"
#include "harness/selftest/timed_check.h"

namespace ipcbench {

// TimedRounds is a timed check with the function that takes its readings: one of each figure. It returns none if the
// machine disturbed the round, which then doesn't count, or if a launch failed, of which `broken` says how.
struct TimedRounds {
  TimedCheck check;
  std::size_t launches = 1;  // of a round
  std::function<std::optional<std::vector<double>>(std::string& broken)> read = {};
};

// Lets the checks take turns, so that a temporary disturbance affects all of them a little. Rounds continue until each
// check is decided, or `budget` is used up, or the user stops it.
void check_by_turns(std::vector<TimedRounds>& timed, std::chrono::nanoseconds budget, TestLaunches& launches);

}  // namespace ipcbench

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/measure/payload.h"
#include "harness/plan/host_speed.h"
#include "harness/plan/planned_case.h"
#include "harness/suite/suite.h"

namespace ipcbench {

// What a run measures, and how often.
struct Plan {
  Suite suite;
  std::vector<PlannedCase> cases;  // in table order, each id once; includes skipped ones
  int passes = 9;
  std::chrono::nanoseconds block{};  // suite.block, possibly shortened to fit the budget
  std::vector<std::string> notes;    // "blocks shortened from 25 ms to 18 ms to fit 60 s"
  PayloadMode payload = PayloadMode::lines;
  HostSpeed speed = {};
  // Launches of a case after which it may go on; the first are `passes`. None: it doesn't.
  std::vector<int> looks = {};
  std::optional<double> precision = {};  // goes on with cases whose interval is wider than this ratio of the median
  std::chrono::nanoseconds budget{};     // time for going on, from the start; 0: no limit
};

}  // namespace ipcbench

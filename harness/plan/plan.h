#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/host/topology.h"
#include "harness/measure/payload.h"
#include "harness/plan/host_speed.h"
#include "harness/suite/case_spec.h"
#include "harness/suite/suite.h"

namespace ipcbench {

// Says why a case has the largest message of its transport: larger ones were asked for, or messages of a size that the
// transport hasn't.
struct AtLargest {
  std::vector<std::size_t> asked;  // ascending; the case's own size among them if it was asked for as well
  std::string limit;               // what sets the largest: "/proc/sys/kernel/msgmax is 8192"
};

struct PlannedCase {
  CaseSpec spec;
  CpuPair cpus;
  std::string core_kinds = {};  // Topology::core_kinds()
  std::string skip_reason;      // not empty: it can't run here
  std::optional<AtLargest> at_largest = {};
  // From the pilot pass; 0 before it.
  std::uint64_t block_ops = 0;  // 1-2-5
  std::uint64_t warmup_ops = 0;
  double op_ns = 0;  // as the pilot saw it
};

// What the command line narrows a suite by. Empty: no restriction. Sizes and waits replace those of the suite.
// Transports, scenarios and placements keep of each group what it has of them, so that a group's other axes stay with
// the values they were meant for; one that no group has is added to all. Options replace those of the same name.
// `filters` only select.
struct Selection {
  std::vector<std::string> filters;  // id_filter.h; over case ids, a leading '-' negates; all must hold
  std::vector<std::string> transports;
  std::vector<std::string> scenarios;
  std::vector<std::size_t> sizes;
  std::vector<std::string> waits;
  std::vector<std::string> placements;
  std::optional<CpuPair> cpus;  // instead of placements: this very pair
  std::vector<std::pair<std::string, std::string>> options;
};

struct Plan {
  Suite suite;
  std::vector<PlannedCase> cases;  // in table order, each id once; skipped ones included
  int passes = 9;
  std::chrono::nanoseconds block{};  // what is left of suite.block after fitting the budget
  std::vector<std::string> notes;    // "blocks shortened from 25 ms to 18 ms to fit 60 s"
  PayloadMode payload = PayloadMode::lines;
  HostSpeed speed = {};
  // Launches of a case after which it may go on, up to the next ones; the first are `passes`. None: it doesn't.
  std::vector<int> looks = {};
  std::optional<double> precision = {};  // goes on with cases whose interval is wider than this ratio of its median
  std::chrono::nanoseconds budget{};     // from the start, for going on; 0: no limit
};

// Expands, checks every name (UsageError with a suggestion), probes transports and placements, drops duplicates, and
// fits blocks to the budget (never under 9 launches unless `passes` says so, never under 5 ms). No case left is a
// UsageError. A combination that doesn't exist is generated only where both parts were asked for by name (then it is
// skipped with a reason): a wait that the transport lacks, a placement that the machine lacks. Sizes over the largest
// message that a transport carries here, with the case's options, become one case of that size; filters see its id.
Plan make_plan(const Suite& suite, const Selection& selection, const Topology& topology, std::optional<int> passes);

// Case indices in the order of one pass: a permutation of the runnable cases, from their number and (seed, pass) alone,
// the same with every compiler and library. `pass` may be negative (the pilot's).
std::vector<std::size_t> pass_order(const Plan& plan, std::uint64_t seed, int pass);

}  // namespace ipcbench

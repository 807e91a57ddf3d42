#pragma once

#include "harness/os/topology.h"
#include "harness/run/case.h"
#include "harness/run/suite.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace ipcbench {

struct PlannedCase {
  CaseSpec spec;
  CpuPair cpus;
  std::string skip_reason;  // not empty: it can't run here
  // From the pilot pass; 0 before it.
  std::uint64_t block_ops = 0;  // 1-2-5
  std::uint64_t warmup_ops = 0;
  double op_ns = 0;  // as the pilot saw it
};

// What the command line narrows a suite by. Empty: no restriction. A value replaces the suite's axis (a size or wait
// that the suite lacks is added), except `filters`, which only select.
struct Selection {
  std::vector<std::string> filters;  // ECMAScript regex over case ids, a leading '-' negates; all must hold
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
};

// Expands, checks every name (UsageError with a suggestion), probes transports and placements, drops duplicates, and
// fits blocks to the budget (never under 9 launches, never under 5 ms). Nothing left to do is a UsageError.
Plan make_plan(const Suite& suite, const Selection& selection, const Topology& topology, std::optional<int> passes);

// Time that `plan` will take: floors, noise, pilot, launches with canaries and process start, the 20 % reserve.
struct PlanTime {
  std::chrono::nanoseconds total{};
  std::chrono::nanoseconds fixed{};  // floors, noise, clock
  std::chrono::nanoseconds pilot{};
  std::chrono::nanoseconds launches{};
  std::chrono::nanoseconds reserve{};  // for canary states with too few launches
};
PlanTime estimate(const Plan& plan);

// After the pilot pass: sets block_ops and warmup_ops of one case from its time per op.
void set_lengths(PlannedCase& planned, double op_ns, std::chrono::nanoseconds block);

// The largest 1-2-5 number <= n (n >= 1).
std::uint64_t round_1_2_5(double n) noexcept;

// Case indices in the order of one pass: a permutation of the runnable cases, from (seed, pass) alone.
std::vector<std::size_t> pass_order(const Plan& plan, std::uint64_t seed, int pass);

}  // namespace ipcbench

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/os/topology.h"
#include "harness/run/case.h"
#include "harness/run/suite.h"

namespace ipcbench {

struct PlannedCase {
  CaseSpec spec;
  CpuPair cpus;
  std::string core_kinds = {};  // Topology::core_kinds()
  std::string skip_reason;  // not empty: it can't run here
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
};

// Expands, checks every name (UsageError with a suggestion), probes transports and placements, drops duplicates, and
// fits blocks to the budget (never under 9 launches unless `passes` says so, never under 5 ms). No case left is a
// UsageError. A combination that doesn't exist is generated only where both parts were asked for by name (then it is
// skipped with a reason): a wait that the transport lacks, a placement that the machine lacks.
Plan make_plan(const Suite& suite, const Selection& selection, const Topology& topology, std::optional<int> passes);

// Why a case can't be measured here, "" if it can. `host` is what the transport's probe() says. With `cpus` it doesn't
// matter whether the topology has a pair of its own for the placement.
std::string refusal(const CaseSpec& spec, const Transport& transport, const Availability& host,
                    const Topology& topology, std::optional<CpuPair> cpus = std::nullopt);

// Time that `plan` will take: floors, noise, pilot, launches with canaries and process start, the 20 % reserve.
struct PlanTime {
  std::chrono::nanoseconds total{};
  std::chrono::nanoseconds fixed{};  // floors, noise, clock
  std::chrono::nanoseconds pilot{};
  std::chrono::nanoseconds launches{};
  std::chrono::nanoseconds reserve{};  // for canary states with too few launches
  std::chrono::nanoseconds calls{};    // counting system calls
  std::chrono::nanoseconds memory{};   // of channels
};
// What one case and one channel add to the last two.
inline constexpr std::chrono::milliseconds kCallsOfACase{85};
inline constexpr std::chrono::milliseconds kMemoryOfAChannel{700};
// Cases of one answer have the same channel: the way of waiting and the placement change nothing of its memory.
std::string channel_of(CaseSpec spec);
PlanTime estimate(const Plan& plan);
// Shortens plan.block, down to 5 ms, until the plan fits its suite's budget (0: none); notes what was done.
void fit_to_budget(Plan& plan);

// After the pilot pass: sets block_ops and warmup_ops of one case from its time per op (> 0). A block has at least 20
// ops, one for each slice; a warm-up at least 100.
void set_lengths(PlannedCase& planned, double op_ns, std::chrono::nanoseconds block);
// Rule 14: 5 ms of traffic and at least 100 ops, as a count from the pilot's time per op (> 0).
std::uint64_t warm_up_ops(double op_ns) noexcept;

// The largest 1-2-5 number <= n (n >= 1).
std::uint64_t round_1_2_5(double n) noexcept;

// Case indices in the order of one pass: a permutation of the runnable cases, from their number and (seed, pass) alone,
// the same with every compiler and library. `pass` may be negative (the pilot's).
std::vector<std::size_t> pass_order(const Plan& plan, std::uint64_t seed, int pass);

}  // namespace ipcbench

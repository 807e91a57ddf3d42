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

// Says why a case has its transport's largest message: larger sizes were asked for, or sizes that the transport doesn't
// have.
struct AtLargest {
  std::vector<std::size_t> asked;  // ascending; the case's own size among them if it was asked for as well
  std::string limit;               // what sets the largest: "/proc/sys/kernel/msgmax is 8192"
};

struct PlannedCase {
  CaseSpec spec;
  CpuPair cpus;
  std::string core_kinds = {};  // Topology::core_kinds()
  std::string skip_reason;      // why it can't run here; "" if it can
  std::optional<AtLargest> at_largest = {};
  // Set by the pilot; 0 before.
  std::uint64_t block_ops = 0;  // a 1-2-5 number
  std::uint64_t warmup_ops = 0;
  double op_ns = 0;  // measured by the pilot
};

// Narrows a suite by what the command line names; empty: no restriction.
//   - Sizes and waits replace those of the suite.
//   - Transports, scenarios and placements are intersected with each group, which keeps its other axes; one that no
//     group has is added to all groups.
//   - Options replace those of the same name.
//   - Filters only select.
struct Selection {
  std::vector<std::string> filters;  // id_filter.h; applied to case ids, negated by a leading '-'; all must hold
  std::vector<std::string> transports;
  std::vector<std::string> scenarios;
  std::vector<std::size_t> sizes;
  std::vector<std::string> waits;
  std::vector<std::string> placements;
  std::optional<CpuPair> cpus;  // exactly this pair, instead of placements
  std::vector<std::pair<std::string, std::string>> options;
};

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

// Makes the plan of a suite:
//   - It expands the axes, checks every name (UsageError with a suggestion), probes transports and placements, and
//     drops duplicates.
//   - It fits blocks to the budget, with never fewer than 9 launches unless `passes` says so, and never under 5 ms.
//   - A combination that doesn't exist (transport and wait, or a placement that this machine lacks) is skipped with a
//     reason if both parts were named; otherwise it isn't generated.
//   - Sizes above the largest message that a transport carries here become one case of that size, whose id the
//     filters see.
// Throws UsageError if no case is left.
Plan make_plan(const Suite& suite, const Selection& selection, const Topology& topology, std::optional<int> passes);

// Returns the case indices in the order of one pass: a permutation of the runnable cases. It depends on their number
// and (seed, pass) only, not on compiler or library. `pass` may be negative (the pilot's).
std::vector<std::size_t> pass_order(const Plan& plan, std::uint64_t seed, int pass);

}  // namespace ipcbench

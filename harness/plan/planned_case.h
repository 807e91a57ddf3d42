#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/host/topology.h"
#include "harness/suite/case_spec.h"
#include "harness/suite/workers.h"

namespace ipcbench {

// Says why a case has its transport's largest message: larger sizes were asked for, or sizes that the transport doesn't
// have.
struct AtLargest {
  std::vector<std::size_t> asked;  // ascending; the case's own size among them if it was asked for as well
  std::string limit;               // what sets the largest: "/proc/sys/kernel/msgmax is 8192"
};

struct PlannedCase {
  CaseSpec spec;
  CpuPair cpus;                     // of a cast: those two that are farthest apart
  std::vector<int> seat_cpus = {};  // of a cast: the CPU of each seat, producers first
  std::string core_kinds = {};      // Topology::core_kinds()
  std::string skip_reason;          // not empty: it can't run here
  std::optional<AtLargest> at_largest = {};
  Workers workers = Workers::fork;
  std::uint64_t least_ops = 0;  // messages of an open loop's block, so that a quantile can be told
  // From the pilot pass; 0 before it.
  std::uint64_t block_ops = 0;  // 1-2-5
  std::uint64_t warmup_ops = 0;
  double op_ns = 0;              // as the pilot saw it
  std::uint64_t rate_per_s = 0;  // of an open loop whose rate is a share of saturation; 0 before that was measured
};

}  // namespace ipcbench

#pragma once

#include <vector>

#include "results/compare/pairs.h"
#include "results/figures/metric.h"

namespace ipcbench {

// Groups the pairs of one case by stage and lists the metrics that can compare them. Pointers into the session.
struct CaseRounds {
  const PairedCase* spec = nullptr;
  std::vector<const LaunchPair*> timed, counted;              // first rounds
  std::vector<const LaunchPair*> timed_again, counted_again;  // fresh rounds
  std::vector<Metric> metrics;  // either RTT p50 or the mean, never both: see rounds_by_case()

  // System calls are counted in separate launches.
  const std::vector<const LaunchPair*>& pairs_for(Metric metric, bool confirming) const noexcept {
    if (metric == Metric::syscalls) return confirming ? counted_again : counted;
    return confirming ? timed_again : timed;
  }
};

// Groups a session's pairs in the order of the header's cases, those without pairs included. Pairs of unknown cases are
// skipped. The round trip is p50. It is the unstamped mean if p50 is under ten times the clock's overhead, or if a
// launch has too few round trips (docs/method.md).
std::vector<CaseRounds> rounds_by_case(const PairSession& session);

}  // namespace ipcbench

#pragma once

#include <vector>

#include "results/compare/pairs.h"
#include "results/figures/metric.h"

namespace ipcbench {

// The pairs of one case of a session, which must outlive it, and the metrics that they can be compared by.
struct CasePairs {
  const PairedCase* spec = nullptr;
  std::vector<const SamplePair*> timed, counted;              // first rounds
  std::vector<const SamplePair*> timed_again, counted_again;  // fresh rounds
  std::vector<Metric> metrics;                                // of RTT p50 and mean one only: see by_case()

  // System calls are counted in launches of their own.
  const std::vector<const SamplePair*>& pairs_for(Metric metric, bool confirming) const noexcept {
    if (metric == Metric::syscalls) return confirming ? counted_again : counted;
    return confirming ? timed_again : timed;
  }
};

// In the order of the header's cases, those without pairs included; pairs of unknown cases are passed over. The round
// trip is p50; or the unstamped mean, where p50 is under ten times the clock's overhead or a sound launch has too few
// round trips for it (docs/method.md).
std::vector<CasePairs> by_case(const PairSession& session);

}  // namespace ipcbench

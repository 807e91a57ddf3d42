#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "results/model/record.h"

// What two arms of a comparison measured, and what may be said of it. Pure: no process is started here.

namespace ipcbench::fidelity {

// One launch of one arm. Times are per op: a round trip, or a message of a stream.
struct Sample {
  double mean_ns = 0;            // of the unstamped block
  std::optional<double> p50_ns;  // of the stamped block
  std::vector<double> canary_ns = {};
};

// Fresh launches of both arms, one after the other.
struct Pair {
  Sample harness;
  Sample reference;
  bool harness_first = true;
};

// Whether all canaries of a pair are of one state of the machine: the largest is at most 1.5 times the smallest, which
// is where the harness parts states, too. A pair without canaries has one state.
bool in_one_state(const Pair& pair);

enum class Metric { p50, mean };

// The median of harness / reference over the pairs with its exact 95 % interval.
Figure ratio_of(const std::vector<Pair>& pairs, Metric metric);
// The median of one arm.
Figure value_of(const std::vector<Pair>& pairs, const Sample Pair::*arm, Metric metric);
// The median of the harness's unstamped mean over the mean of the same launch's canaries; no value without canaries.
Figure ratio_to_canary(const std::vector<Pair>& pairs);

// The targets. They were set before anything was measured; docs/fidelity.md has their reasons.
inline constexpr Interval kSameCpuTarget{0.97, 1.03};
inline constexpr double kTwoCpusHalfWidth = 0.05;
inline constexpr double kNoSlowerBound = 1.05;

double half_width(const Interval& interval) noexcept;

enum class Verdict {
  within,
  outside,     // the interval contradicts the target
  undecided,   // too wide, or too few pairs for an interval
  not_judged,  // a reference without a target
};
const char* name_of(Verdict verdict) noexcept;

// same-cpu: within if the whole interval is inside 0.97 to 1.03, outside if all of it lies beyond.
// Two CPUs: within if the interval holds 1 and its half width is at most 5 %, outside if it does not hold 1.
Verdict judge(const Figure& ratio, bool two_cpus) noexcept;
// Within if the median is at most 1 and the interval ends by 1.05, outside if the whole interval lies beyond 1.
Verdict judge_no_slower(const Figure& ratio) noexcept;
// Within if the interval ends by `most`, outside if the whole interval lies beyond it.
Verdict judge_at_most(const Figure& ratio, double most) noexcept;

// The numbers of pairs at which judge_extra() looks: more pairs give it no more chances to err, since each look has an
// equal share of 5 %.
inline constexpr std::array<std::size_t, 5> kExtraLooks = {10, 20, 40, 80, 160};
// Whether the harness's unstamped op takes at most `most_ns` more than the reference's, by the median of the pairs'
// differences at the first look that decides. Undecided where none has.
Verdict judge_extra(const std::vector<Pair>& pairs, double most_ns);

}  // namespace ipcbench::fidelity

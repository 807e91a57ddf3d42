#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "results/model/record.h"

// The measurements of two arms and their statistics. All functions are pure; no process is started here.

namespace ipcbench::fidelity {

// Holds a launch of one arm. Times are per op: a round trip, or a message of a stream.
struct LaunchTimes {
  double mean_ns = 0;            // of the unstamped block
  std::optional<double> p50_ns;  // of the stamped block
  std::vector<double> canary_ns = {};
};

// Fresh launches of both arms, one directly after the other.
struct FidelityPair {
  LaunchTimes harness;
  LaunchTimes reference;
  bool harness_first = true;
};

// Returns whether all canaries of a pair are in one state: the largest is at most 1.5 times the smallest, as in the
// harness. True without canaries.
bool in_one_state(const FidelityPair& pair);

enum class Metric { p50, mean };

// Returns the median of harness / reference over the pairs with its exact 95 % interval.
Figure ratio_of(const std::vector<FidelityPair>& pairs, Metric metric);
// Returns the median of one arm.
Figure value_of(const std::vector<FidelityPair>& pairs, const LaunchTimes FidelityPair::*arm, Metric metric);
// Returns the median of the harness's unstamped mean over the mean of its canaries; no value without canaries.
Figure ratio_to_canary(const std::vector<FidelityPair>& pairs);

// The targets, fixed before anything was measured. docs/fidelity.md has their reasons.
inline constexpr Interval kSameCpuTarget{0.97, 1.03};
inline constexpr double kTwoCpusHalfWidth = 0.05;
inline constexpr double kNoSlowerBound = 1.05;

double half_width(const Interval& interval) noexcept;

enum class Judgement {
  within,
  outside,     // the interval contradicts the target
  undecided,   // too wide, or too few pairs for an interval
  not_judged,  // the reference has no target
};
const char* to_string(Judgement judgement) noexcept;

// Judges a ratio. On one CPU it is within if the whole interval lies in 0.97 to 1.03, and outside if all of it lies
// beyond. On two CPUs it is within if the interval contains 1 and its half width is at most 5 %, and outside if it
// doesn't contain 1.
Judgement judge(const Figure& ratio, bool two_cpus) noexcept;
// Within if the median is at most 1 and the interval ends by 1.05; outside if the whole interval lies above 1.
Judgement judge_no_slower(const Figure& ratio) noexcept;
// Within if the interval ends by `most`; outside if the whole interval lies above it.
Judgement judge_at_most(const Figure& ratio, double most) noexcept;

// The numbers of pairs at which judge_extra() looks. Each look has an equal share of 5 %, so that more pairs don't mean
// more errors.
inline constexpr std::array<std::size_t, 5> kExtraLooks = {10, 20, 40, 80, 160};
// Judges whether an unstamped op of the harness takes at most `most_ns` more than the reference's. It uses the median
// of the pairs' differences at the first look that decides; undecided if none has.
Judgement judge_extra(const std::vector<FidelityPair>& pairs, double most_ns);

}  // namespace ipcbench::fidelity

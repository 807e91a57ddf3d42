#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "results/compare/noise_model.h"
#include "results/compare/pairs.h"
#include "results/figures/metric.h"
#include "results/model/record.h"

// The decision about one figure of one case, from paired launches. All values are log ratios ln(head / base): positive
// is worse, 0.02 is about 2 %. docs/method.md, "When is a change a regression?"

namespace ipcbench {

inline constexpr double kJobLevel = 0.05;  // over all gated figures of a job, on each side

enum class FigureVerdict : std::uint8_t {
  same,          // the whole interval within the margin
  improved,      // the whole interval below it
  candidate,     // the whole interval above it, not looked at again yet
  regressed,     // a candidate that did so again, in fresh rounds
  unconfirmed,   // a candidate whose fresh rounds lie within the margin
  inconclusive,  // the interval crosses the margin, or there is none; or fresh rounds were undecided
  unstable,      // identical builds scatter too much here for a decision
};
std::string_view name_of(FigureVerdict verdict) noexcept;
// candidate, inconclusive or unstable.
bool is_undecided(FigureVerdict verdict) noexcept;

// How much of `kJobLevel` one of `gated` figures may use on each side.
double tail_of(std::size_t gated) noexcept;
// Pairs under which there is no interval that leaves `tail` on each side: ceil(log2(1 / tail)).
std::size_t least_pairs(double tail) noexcept;
// The same for one of `gated` figures that is looked at once.
std::size_t least_rounds(std::size_t gated) noexcept;

struct Estimate {
  std::size_t n = 0;  // pairs used
  double median = 0;
  std::optional<Interval> interval;  // exact, by order statistics: P(median < low) and P(median > high) <= the tail
  double spread = 0;                 // robust_spread()
};
Estimate estimate(std::span<const double> log_ratios, double tail);

enum class MarginSource : std::uint8_t { least_change, calibrated, clock };
std::string_view name_of(MarginSource source) noexcept;

// What a change has to exceed.
struct Margin {
  double value = 0;
  MarginSource source = MarginSource::least_change;
  double advice = 0;  // a larger one, learnt from too little: it can leave a figure undecided, never better. 0: none
};
// The largest of the metric's least change, the learnt margin and two steps of the clock of `value_ns` (times only). A
// learnt margin that isn't settled only becomes the advice.
Margin margin_of(Metric metric, const std::optional<LearntMargin>& learnt, double clock_step_ns,
                 double value_ns) noexcept;

// Whether identical builds scatter by more than 10 %: as calibrated. Else the pairs themselves must say, whose scatter
// is that of a change as well: one that stands clear of it is decided.
bool is_unstable(const Estimate& estimate, const NoiseFigure* noise) noexcept;

// same, improved, candidate or inconclusive.
FigureVerdict decide(const Estimate& estimate, const Margin& margin) noexcept;
// What a candidate is after fresh rounds, which were decided as `again`: regressed if they show it again, unconfirmed
// if their whole interval lies within the margin, else inconclusive.
FigureVerdict confirmed(FigureVerdict again) noexcept;

// The pairs of one case and stage that a figure can be decided from.
struct UsablePairs {
  std::vector<double> ratios;            // log ratios, in the order of the rounds
  std::vector<const SamplePair*> pairs;  // that they are of
  std::size_t other_state = 0;   // pairs left out: their arms, or the two canaries of an arm, saw different states
  std::size_t broken = 0;        //   a launch broke
  std::size_t other_limits = 0;  //   other limits of the host changed the one arm than the other
  std::size_t limited = 0;       // pairs in which the same limits changed both arms
};

// The canary states of each placement, over both arms of all pairs.
std::vector<StateRecord> states_of(std::span<const PairedCase> cases, std::span<const SamplePair> pairs);
// Both arms in one and the same state; true where there are no canaries.
bool in_one_state(const StateRecord* states, const SamplePair& pair);

UsablePairs usable_pairs(std::span<const SamplePair* const> pairs, Metric metric, const StateRecord* states);

// Typical values of both arms over the pairs that a change was decided from: their medians. Where these contradict the
// median log ratio by more than 0.1 %, as they can on two levels, the median of the pairs' geometric means, parted by
// it.
struct ArmValues {
  std::optional<double> base, head;
};
ArmValues arm_values(const UsablePairs& usable, Metric metric);

}  // namespace ipcbench

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

// Decides about one figure of one case from paired launches. All values are log ratios ln(head / base): positive is
// worse, 0.02 is about 2 %. See docs/method.md, "When is a change a regression?".

namespace ipcbench {

inline constexpr double kJobLevel = 0.05;  // over all gated figures of a job, on each side

enum class FigureVerdict : std::uint8_t {
  same,          // the whole interval lies within the margin
  improved,      // the whole interval lies below it
  candidate,     // the whole interval lies above it; no fresh rounds yet
  regressed,     // a candidate that fresh rounds confirmed
  unconfirmed,   // a candidate whose fresh rounds lie within the margin
  inconclusive,  // the interval crosses the margin or doesn't exist, or fresh rounds were undecided
  unstable,      // identical builds scatter too much here for a decision
};
std::string_view to_string(FigureVerdict verdict) noexcept;
// candidate, inconclusive or unstable.
bool is_undecided(FigureVerdict verdict) noexcept;

// Returns the part of `kJobLevel` that one of `gated` figures may use on each side.
double tail_of(std::size_t gated) noexcept;
// Returns the fewest pairs that give an interval with at most `tail` on each side: ceil(log2(1 / tail)).
std::size_t least_pairs(double tail) noexcept;
// Returns the fewest rounds that give an interval if `gated` figures are looked at once.
std::size_t least_rounds(std::size_t gated) noexcept;

struct Estimate {
  std::size_t n = 0;  // pairs used
  double median = 0;
  // Exact, by order statistics: P(median < low) and P(median > high) are at most the tail.
  std::optional<Interval> interval;
  double spread = 0;  // robust_spread()
};
Estimate estimate(std::span<const double> log_ratios, double tail);

enum class MarginSource : std::uint8_t { least_change, calibrated, clock };
std::string_view to_string(MarginSource source) noexcept;

// Holds the change that a figure must exceed to count.
struct Margin {
  double value = 0;
  MarginSource source = MarginSource::least_change;
  // A larger margin learnt from too few pairs: it may leave a figure undecided, but never passes one; 0: none.
  double advice = 0;
};
// Returns the largest of the metric's least change, the learnt margin and, for times, two clock steps relative to
// `value_ns`. A learnt margin that isn't settled becomes the advice only.
Margin margin_of(Metric metric, const std::optional<LearntMargin>& learnt, double clock_step_ns,
                 double value_ns) noexcept;

// Returns whether identical builds scatter by more than 10 %, by the calibration. Without one the pairs' own scatter
// counts; since a change scatters too, a figure whose interval is clear of that scatter is still decided.
bool is_unstable(const Estimate& estimate, const NoiseFigure* noise) noexcept;

// Returns same, improved, candidate or inconclusive.
FigureVerdict decide(const Estimate& estimate, const Margin& margin) noexcept;
// Returns the verdict of a candidate whose fresh rounds were decided as `again`. It is regressed if they show it again,
// unconfirmed if their whole interval lies within the margin, else inconclusive.
FigureVerdict confirmed(FigureVerdict again) noexcept;

// Selects the pairs of one case and stage that can decide a figure.
struct UsablePairs {
  std::vector<double> ratios;            // log ratios, in the order of the rounds
  std::vector<const LaunchPair*> pairs;  // the pairs that the ratios come from
  std::size_t other_state = 0;   // pairs left out: the arms, or the two canaries of an arm, were in different states
  std::size_t broken = 0;        // pairs left out: a launch failed
  std::size_t other_limits = 0;  // pairs left out: different limits of the host changed the arms
  std::size_t limited = 0;       // pairs kept although the same limits changed both arms
};

// Returns the canary states of each placement, clustered over both arms of all pairs.
std::vector<StateRecord> states_of(std::span<const PairedCase> cases, std::span<const LaunchPair> pairs);
// Returns whether both arms ran in one state. True without canaries.
bool in_one_state(const StateRecord* states, const LaunchPair& pair);

UsablePairs usable_pairs(std::span<const LaunchPair* const> pairs, Metric metric, const StateRecord* states);

// Holds typical values of both arms: the medians over the pairs that decided. With two levels, these may contradict the
// median log ratio by more than 0.1 %. Then the median of the pairs' geometric means is split by that ratio instead.
struct ArmValues {
  std::optional<double> base, head;
};
ArmValues arm_values(const UsablePairs& usable, Metric metric);

}  // namespace ipcbench

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "results/metric.h"
#include "results/noise_model.h"
#include "results/pairs.h"
#include "results/record.h"

// The decision about one figure of one case, from paired launches. All values are log ratios ln(head / base): positive
// is worse, 0.02 is about 2 %. docs/method.md, "When is a change a regression?"

namespace ipcbench {

inline constexpr double kJobLevel = 0.05;  // over all gated figures of a job, on each side

enum class FigureVerdict : std::uint8_t {
  same,          // the whole interval within the margin
  improved,      // the whole interval below it
  candidate,     // the whole interval above it, not looked at again yet
  regressed,     // a candidate that did so again, in fresh rounds
  unconfirmed,   // a candidate that did not
  inconclusive,  // the interval crosses the margin, or there is none
  unstable,      // identical builds scatter too much here for a decision
};
std::string_view name_of(FigureVerdict verdict) noexcept;

// How much of `kJobLevel` one of `gated` figures may use on each side.
double tail_of(std::size_t gated) noexcept;
// Pairs under which there is no interval at that level: ceil(log2(gated / 0.05)).
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

struct Margin {
  double value = 0;
  MarginSource source = MarginSource::least_change;
};
// The largest of the metric's least change, the calibrated margin (nullptr: none) and two steps of the clock of
// `value_ns` (times only).
Margin margin_of(Metric metric, const NoiseFigure* noise, double clock_step_ns, double value_ns) noexcept;

// Whether identical builds scatter by more than 10 %: as calibrated. Else the pairs themselves must say, whose scatter
// is that of a change as well: one that stands clear of it is decided.
bool is_unstable(const Estimate& estimate, const NoiseFigure* noise) noexcept;

// same, improved, candidate or inconclusive.
FigureVerdict decide(const Estimate& estimate, double margin) noexcept;

// The pairs of one case and stage that a figure can be decided from.
struct UsableRatios {
  std::vector<double> values;   // in the order of the rounds
  std::size_t other_state = 0;  // pairs left out: their arms, or the two canaries of an arm, saw different states
  std::size_t broken = 0;       //   a launch broke
};

// The canary states of each placement, over both arms of all pairs.
std::vector<StateRecord> states_of(std::span<const PairedCase> cases, std::span<const SamplePair> pairs);
// Both arms in one and the same state; true where there are no canaries.
bool in_one_state(const StateRecord* states, const SamplePair& pair);

UsableRatios usable_ratios(std::span<const SamplePair* const> pairs, Metric metric, const StateRecord* states);

}  // namespace ipcbench

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace ipcbench {

// How a launch behaved over its length, judged from its slice medians.
enum class LaunchClass : unsigned char { flat, drift, step, bimodal, unstable };

std::string_view name_of(LaunchClass launch_class) noexcept;

// Fewer slices than this show no course, so that a launch of them has no class.
inline constexpr std::size_t kFewestSlices = 4;

// Classifies a launch by its `slices`, in time order, any unit, positive. None for fewer than kFewestSlices.
//
// Four models are fitted: one level (the median), two levels with one change between them, two levels visited in any
// order, and a straight line (Theil and Sen's: the median of the slopes between all pairs). How badly a model fits is
// the sum of its absolute residuals without the largest tenth of them: one or two interrupted slices of twenty are
// outliers, not a class. A model explains the part of the one-level sum that it removes.
//
//   bimodal   two levels in any order explain 75 %, the course changes between them at least twice, and each has at
//             least 3 slices (normal noise cut at its middle explains 40 %, a slow ramp 50 %)
//   step      one change explains 60 %, at least 3 slices on each side of it, and better than the line does
//   drift     Mann and Kendall's test finds a trend at p < 0.001 (so 8 slices at least)
//   unstable  none of these, and the robust spread (1.4826 * median absolute deviation) is over 10 % of the median
//   flat      everything else
//
// Bimodal, step and drift also need a difference, between levels or between the line's ends, of over 5 % of the smaller
// value: below that, launches of one case differ as much among each other. On 20 slices of independent normal noise
// with a deviation of 5 % fewer than 1 launch in 500 is called anything but flat, with 1 % none. The price is a level
// of few slices, since two of them may pass for outliers: under noise of 2 %, a step of 30 % is found in 98 % of the
// launches if its shorter side has 4 slices, in a third to a half if it has 3.
std::optional<LaunchClass> classify(std::span<const double> slices);

}  // namespace ipcbench

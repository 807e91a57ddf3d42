#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace ipcbench {

// LaunchClass is how a launch behaved over its length, judged from its slice medians.
enum class LaunchClass : unsigned char { flat, drift, step, bimodal, unstable };

std::string_view to_string(LaunchClass launch_class) noexcept;

// Launches of fewer slices have no class: they show no course.
inline constexpr std::size_t kFewestSlices = 4;

// Classifies a launch by its `slices`: in time order, in any unit, positive. Returns nothing for fewer than
// kFewestSlices.
//
// Four models are fitted: one level (the median), two levels with one change between them, two levels in any order, and
// a straight line. The line is Theil and Sen's: its slope is the median of the slopes between all pairs. A model's
// misfit is the sum of its absolute residuals without the largest tenth, since one or two interrupted slices of twenty
// are outliers and no class. A model explains the part of the one-level misfit that it removes.
//
//   bimodal   two levels in any order explain 75 %, the course changes between them at least twice, and each has at
//             least 3 slices (normal noise cut at its middle explains 40 %, a slow ramp 50 %)
//   step      one change explains 60 %, at least 3 slices on each side of it, and better than the line does
//   drift     Mann and Kendall's test finds a trend at p < 0.001 (so 8 slices at least)
//   unstable  none of these, and the robust spread (1.4826 * median absolute deviation) is over 10 % of the median
//   flat      everything else
//
// Bimodal, step and drift also need a difference, between levels or between the line's ends, of over 5 % of the smaller
// value. Below that, launches of one case differ as much among each other. On 20 slices of independent normal noise
// with a deviation of 5 %, fewer than 1 launch in 500 is called anything but flat; with 1 % none is. Levels of few
// slices are harder to find, since two of them may pass for outliers. Under noise of 2 %, a step of 30 % is found in
// 98 % of the launches if its shorter side has 4 slices. If that has 3, it is found in a third to a half.
std::optional<LaunchClass> classify(std::span<const double> slices);

}  // namespace ipcbench

#pragma once

#include <span>
#include <string_view>

namespace ipcbench {

// How a launch behaved over its length, judged from its slice medians.
enum class LaunchClass : unsigned char { flat, drift, step, bimodal, unstable };

std::string_view name_of(LaunchClass launch_class) noexcept;

// `slices` in time order, any unit, positive; fewer than 4: flat.
LaunchClass classify(std::span<const double> slices);

}  // namespace ipcbench

#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/plan.h"

// Chooses the rates at which curves of latency against load are measured.

namespace ipcbench {

// Replaces the rates of a suite's open loops: shares of the saturation in per cent, and messages a second. The
// saturation is measured first whichever they are, and none is left out for being over a share of it.
void set_points(Suite& suite, const std::vector<std::string>& shares, const std::vector<std::string>& rates);

// Returns whether an option is a rate of set_points().
bool is_point(std::string_view option) noexcept;

// Returns whether an option changes when messages are sent, which means nothing to a saturation.
bool is_of_paced_loads(std::string_view option) noexcept;

// Makes a plan of open loops fit into `budget`: it shortens blocks, but not under 250 ms, and then leaves out points,
// the same of all channels: shares next to another first, then given rates from the largest. At least one point stays.
// It notes what it did; launches are never left out.
void fit_points_to_budget(Plan& plan, std::chrono::nanoseconds budget);

}  // namespace ipcbench

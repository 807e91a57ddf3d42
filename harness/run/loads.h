#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/run/run_state.h"

// Fixes the rates of open loops that are shares of the run's own saturation.

namespace ipcbench {

// Returns the measurable cases that wait for a saturation: the rate is a share of it and not fixed yet, or it is given,
// the plan measures the saturation, too, and no launch of the case was measured yet.
std::vector<std::size_t> cases_without_rate(const RunState& state);

// Returns the case that measures the saturation of a case's channel; none if the plan has none.
std::optional<std::size_t> saturation_index(const RunState& state, std::size_t index);

// Fixes the rate of a case, if it isn't given, by the launches of the case at `saturation`, or by its own pilot if
// there are none. Returns why that rate isn't measured; "" if it is.
std::string fix_rate(RunState& state, std::size_t index, std::size_t saturation);

// A rate of a channel that a search wants to be measured next, with the op time of the channel's pilot.
struct RateCase {
  PlannedCase planned;
  double op_ns;
};
// Returns the next rate of each channel for the promise of a summarised run; none where the search has ended.
std::vector<RateCase> rates_to_measure(const RunState& state);

}  // namespace ipcbench

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "results/figures/by_placement.h"
#include "results/model/record.h"

// Puts the open loops of one channel together: what it costs and takes at each rate.

namespace ipcbench {

struct LoadPoint {
  const CaseRecord* measured;
  double rate_per_s;                 // as planned: by `rate`, or by `load` and the saturation
  std::optional<double> share = {};  // of the saturation's median; none: it wasn't measured
};

// Holds what one channel does at each rate: the cases that differ by their rate alone.
struct LoadCurve {
  std::string key;                         // the id of its cases without `rate` and `load`
  const CaseRecord* saturation = nullptr;  // none: it wasn't measured
  std::vector<LoadPoint> points = {};      // by rate, ascending; measured ones only

  // Returns a case that has what all cases of the curve have in common: transport, wait, size, placement, schedule.
  const CaseRecord& any() const noexcept { return points.empty() ? *saturation : *points.front().measured; }
};

// Returns the planned rate of an open loop: none if all messages are due at once, or if `load` wasn't fixed.
std::optional<double> planned_rate(const CaseRecord& c);

// Returns the curves of a summarised result, in the order of their first cases. A curve has at least one point.
std::vector<LoadCurve> load_curves(const Result& result);

// Returns the curves that have several rates, by placement: one rate alone is no curve.
std::vector<AtPlacement<LoadCurve>> curves_by_placement(const Result& result);

// Returns a name for each curve: the transport, the wait unless it blocks, and of size, schedule, form and pacer what
// differs between the curves: "pipe spin 4096 B poisson".
std::vector<std::string> curve_names(const std::vector<LoadCurve>& curves);

}  // namespace ipcbench

#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "results/figures/cast_lines.h"
#include "results/model/record.h"

// Tells how far the mechanisms of a server lie apart, and from which service time on they no longer do.

namespace ipcbench {

// From this ratio down a mechanism is said not to matter any more.
inline constexpr double kEvenRatio = 1.1;

// SpreadPoint holds the highest rate of the rows over the lowest at one service time.
struct SpreadPoint {
  double service_ns = 0;
  double ratio = 1;
  std::optional<Interval> interval;  // it lies in there if each rate does in its own; none if a rate has no interval
  std::size_t rows = 0;
};

// Returns whether a line is among the rows of a spread, which have the same contract: rule 7.
bool is_row_of_spread(const CastLine& line);

// Returns the spread at each service time, ascending, over the lines that were measured at all of them and have the
// size of the first. None of fewer than two such lines.
std::vector<SpreadPoint> rate_spread(const std::vector<CastLine>& lines);

// Returns the shortest service time from which on the spread is surely below kEvenRatio; none if there is no such time.
std::optional<double> even_from(const std::vector<SpreadPoint>& spread);

}  // namespace ipcbench

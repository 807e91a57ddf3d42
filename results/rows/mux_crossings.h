#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/model/record.h"
#include "results/rows/reference.h"

// Tells from how many channels on one way to wait for them carries more than another.

namespace ipcbench {

// MuxPoint compares two ways at one number of channels.
struct MuxPoint {
  double channels = 0;
  Ratio ratio;  // the rate of the one that is better with many, over that of the other
};

// MuxCrossing holds two ways to wait for the channels of one mechanism. The crossing point lies between the most
// channels up to which the first is surely better and the fewest from which on the second is.
struct MuxCrossing {
  const CaseRecord* any = nullptr;        // has what all cases have in common, but for the ways and the channels
  std::string active;                     // "all", or channels that messages go by
  std::string few, many;                  // the way that is better with few channels, and the other
  std::vector<MuxPoint> points = {};      // by channels, ascending; two at least
  std::optional<double> surely_few = {};  // none: it never is
  std::optional<double> surely_many = {};
  // Where the ratio, a straight line on logarithmic axes between two numbers of channels, is 1. None unless both are
  // surely better somewhere.
  std::optional<double> crossing = {};
};

// Returns a crossing for each pair of ways that a mechanism was measured with at several numbers of channels, in the
// order of the first's cases. `result` must be summarised and outlive them.
std::vector<MuxCrossing> mux_crossings(const Result& result);

}  // namespace ipcbench

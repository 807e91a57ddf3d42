#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/model/record.h"

// Puts the silences of one channel together: what a round trip costs after each.

namespace ipcbench {

struct IdlePoint {
  const CaseRecord* measured;
  double silence_ns;
};

// Holds the cases that differ by their silence alone.
struct IdleRow {
  std::string key;                     // the id of its cases without `silence`
  std::vector<IdlePoint> points = {};  // by silence, ascending

  // Returns a case that has what all cases of the row have in common: transport, wait, size, placement.
  const CaseRecord& any() const noexcept { return *points.front().measured; }
};

// Returns the rows of a summarised result, in the order of their first cases. A row has at least one point.
std::vector<IdleRow> idle_rows(const Result& result);

// Returns the longest time of all used launches; none if no launch has any.
std::optional<double> longest(const CaseRecord& c, std::optional<double> LoadRecord::*max_ns);

}  // namespace ipcbench

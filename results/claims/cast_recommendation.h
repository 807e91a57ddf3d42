#pragma once

#include <string>
#include <vector>

#include "results/claims/cast_need.h"
#include "results/claims/recommendation.h"
#include "results/model/record.h"

// Recommends mechanisms for many processes, by the casts that were measured. All rows have the same number of seats:
// the one next to what is needed. Sizes, placements and machines are never mixed.

namespace ipcbench {

// Describes how a transport, with one way of waiting and of sharing, does what is needed.
struct CastQualified {
  const CaseRecord* measured = nullptr;  // points into the result, which must outlive this
  const Figure* figure = nullptr;        // the figure of the criterion
  const Figure* compared = nullptr;      // what all are ranked by: that, or the means if the clock is too coarse
  std::vector<std::string> remarks;
};

struct CastRecommendation {
  Need need;  // as asked, with the defaults filled in
  CastNeed asked, measured;
  Criterion by = Criterion::throughput;
  std::vector<CastQualified> qualified;  // in the result's order; rank them by their figures
  std::vector<Excluded> excluded;
  std::vector<std::string> notes;  // what was not measured, and the command that measures it
};

// Returns whether a result has casts that could answer a need: a role of one seat stays one, and many stay many.
bool has_casts_for(const Result& result, const Need& need, const CastNeed& asked);

// Returns a row for each transport, wait and sharing with default options. `result` must be summarised. Throws
// UsageError, with the nearest name, if no such casts were measured at the placement, and for a criterion that casts
// have no figure of.
CastRecommendation recommend_cast(const Result& result, Need need, const CastNeed& asked);

}  // namespace ipcbench

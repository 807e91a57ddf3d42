#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/claims/need.h"
#include "results/model/record.h"

// Judges mechanisms by what they are, before anything that was measured counts.

namespace ipcbench {

// Returns everything that rules a transport out for a need; none: it suits. `result` says what a message holds here.
std::vector<std::string> reasons_against(const Result& result, const TransportRecord& transport, const Need& need);

// Returns what the user of a transport must know, waiting as `c` does: "may lose messages".
std::vector<std::string> remarks_on(const TransportRecord& transport, const Need& need, const CaseRecord& c);

// Returns whether all messages of a transport have the same size.
bool has_fixed_size(const Result& result, std::string_view transport);

// Returns the placement of a need, or the one to take if it names none: the nearest two CPUs that pairs were measured
// on, else the first. Throws UsageError with the nearest name if the result doesn't have it.
PlacementName placement_for(const Result& result, const Need& need);
// Returns the same of placements in the order in which they were measured.
PlacementName placement_among(const std::vector<PlacementName>& placements, const Need& need);

}  // namespace ipcbench

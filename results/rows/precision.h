#pragma once

#include <string>
#include <vector>

#include "results/model/record.h"

// Finds the cases whose intervals are wider than the precision that a run was asked for (docs/method.md).

namespace ipcbench {

// Returns the figure that represents a case: round trip, messages or notifications per second, or time to connect.
const Figure& headline_figure(const CaseRecord& c) noexcept;

// Returns the interval's larger distance from the median as a ratio of the median; infinity without an interval.
double reach_of(const Figure& figure) noexcept;

// Returns, for each case of a summarised result, whether its interval reaches further than `precision`. False for cases
// without figures: they were skipped or failed.
std::vector<bool> wider_than(const Result& result, double precision);

// Lists the cases that are wider, each with its width; "" for none.
std::string wider_text(const Result& result, double precision);

}  // namespace ipcbench

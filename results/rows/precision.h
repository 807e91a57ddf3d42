#pragma once

#include <string>
#include <vector>

#include "results/model/record.h"

// Runs that go on until the intervals are narrow enough (docs/method.md).

namespace ipcbench {

// The figure that a case stands by: the round trip; messages or notifications a second; the time to connect.
const Figure& headline_figure(const CaseRecord& c) noexcept;

// How far the figure's interval reaches from its median, as a ratio of the median; infinity without an interval.
double reach_of(const Figure& figure) noexcept;

// Of each case of a summarised result: whether its interval reaches further than `precision`. Cases without figures are
// not asked for more: they were skipped, or broke.
std::vector<bool> wider_than(const Result& result, double precision);

// The cases that are wider, each with its width, as a list; "" for none.
std::string wider_text(const Result& result, double precision);

}  // namespace ipcbench

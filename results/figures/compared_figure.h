#pragma once

#include <span>

#include "results/figures/catalogue.h"
#include "results/model/record.h"

namespace ipcbench {

// Returns the figure that cases are compared by: `figure`, or in place of p50 the mean round trip of all of them if the
// clock is too coarse for the p50 of any. The p50 of one and the mean of another aren't alike.
const FigureInfo& compared_by(const FigureInfo& figure, std::span<const CaseRecord* const> cases);

// Returns the figure of `c` in place of `figure`, one of its summary, by which it is compared with the other cases. A
// figure from elsewhere stays.
const Figure& compared_figure(const Figure& figure, const CaseRecord& c, std::span<const CaseRecord* const> cases);

// Returns whether the p50 of some of the cases is too coarse, and not of all: compared_by() then isn't what each shows.
bool mix_p50_and_mean(std::span<const CaseRecord* const> cases);

}  // namespace ipcbench

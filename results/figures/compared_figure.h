#pragma once

#include <span>
#include <vector>

#include "results/figures/catalogue.h"
#include "results/model/record.h"

namespace ipcbench {

// Returns the figure that cases are compared by: `figure`, or in place of p50 the mean round trip of all of them if the
// clock is too coarse for the p50 of any. The p50 of one and the mean of another aren't alike.
const FigureInfo& compared_by(const FigureInfo& figure, std::span<const CaseRecord* const> cases);

// Returns the figure of `c` in place of `figure`, one of its summary, by which it is compared with the other cases. A
// figure from elsewhere stays.
const Figure& compared_figure(const Figure& figure, const CaseRecord& c, std::span<const CaseRecord* const> cases);

// Sets `compared` of each row, which has a case `measured` and its `figure`: what all rows are compared by.
template <class Row>
void set_compared(std::vector<Row>& rows) {
  std::vector<const CaseRecord*> cases;
  for (const Row& row : rows) cases.push_back(row.measured);
  for (Row& row : rows) row.compared = &compared_figure(*row.figure, *row.measured, cases);
}

// Returns whether the p50 of some of the cases is too coarse, and not of all: compared_by() then isn't what each shows.
bool mix_p50_and_mean(std::span<const CaseRecord* const> cases);

}  // namespace ipcbench

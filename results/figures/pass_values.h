#pragma once

#include <string_view>
#include <vector>

#include "results/figures/catalogue.h"
#include "results/model/record.h"

namespace ipcbench {

// A launch's value of some figure.
struct PassValue {
  int pass = 0;
  double value = 0;
};

// The values that a figure is the median of: those of the used launches, where they are positive and finite. None for a
// figure that doesn't come from timed launches.
std::vector<PassValue> used_values(const CaseRecord& c, const FigureInfo& figure);

// The catalogue's entry of `figure`, a member of c's summary; nullptr if it is none.
const FigureInfo* info_of(const CaseRecord& c, const Figure& figure) noexcept;
// The entry with this key. Throws std::out_of_range.
const FigureInfo& figure_named(std::string_view key);

}  // namespace ipcbench

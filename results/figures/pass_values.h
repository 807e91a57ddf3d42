#pragma once

#include <string_view>
#include <vector>

#include "results/figures/catalogue.h"
#include "results/model/record.h"

namespace ipcbench {

// Holds the value of a figure in one launch.
struct PassValue {
  int pass = 0;
  double value = 0;
};

// Returns a figure's values that a ratio can be taken of: those of the used launches that are positive and finite. A
// figure's median is of all values, zeros too. Empty for a figure that doesn't come from timed launches.
std::vector<PassValue> used_values(const CaseRecord& c, const FigureInfo& figure);

// Returns the catalogue's entry of `figure`, a member of c's summary; nullptr if it is none.
const FigureInfo* info_of(const CaseRecord& c, const Figure& figure) noexcept;
// Returns the entry with this key. Throws std::out_of_range.
const FigureInfo& find_figure(std::string_view key);

}  // namespace ipcbench

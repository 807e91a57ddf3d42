#pragma once

#include <span>

#include "plots/units.h"
#include "results/record.h"

namespace ipcbench {

struct NamedFigure {
  const char* key;  // lower case, the unit at its end
  Unit unit;
  Figure CaseSummary::*figure;
};

// Every figure of a case, in the order of the result file.
std::span<const NamedFigure> case_figures() noexcept;

}  // namespace ipcbench

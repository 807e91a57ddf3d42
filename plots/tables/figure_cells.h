#pragma once

#include <string>

#include "plots/table/table.h"
#include "results/figures/memory_figure.h"

// Figures that several tables show in the same words.

namespace ipcbench {

// The CPU time of both sides as parts of the time: "98/12 %".
Cell duty_cell(const CaseSummary& summary);

// "64.0 KiB", or "≥ 64.0 KiB" of a lower bound.
std::string bounded_text(Unit unit, double value, AtLeast at_least);

}  // namespace ipcbench

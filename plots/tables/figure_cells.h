#pragma once

#include <string>

#include "plots/table/table.h"
#include "results/figures/memory_figure.h"
#include "results/rows/ranking.h"

// Figures that several tables show in the same words.

namespace ipcbench {

// The CPU time of both sides as parts of the time: "98/12 %".
Cell duty_cell(const CaseSummary& summary);

// The range of a row's rank: "2–4"; empty for a row without one.
Cell rank_cell(const Rank& rank);

// "64.0 KiB", or "≥ 64.0 KiB" of a lower bound.
std::string bounded_text(Unit unit, double value, AtLeast at_least);

}  // namespace ipcbench

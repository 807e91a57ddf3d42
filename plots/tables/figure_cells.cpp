#include "plots/tables/figure_cells.h"

#include <fmt/core.h>

#include "plots/table/cells.h"

namespace ipcbench {

Cell duty_cell(const CaseSummary& summary) {
  Cell result = plain_cell(summary.duty_producer);
  if (summary.duty_producer.median && summary.duty_consumer.median) {
    result.shown =
        fmt::format("{:.0f}/{:.0f} %", *summary.duty_producer.median * 100, *summary.duty_consumer.median * 100);
  }
  return result;
}

Cell rank_cell(const Rank& rank) {
  if (rank.first == 0) return {};
  Cell result = cell(rank.first);
  result.shown = to_string(rank);
  return result;
}

std::string bounded_text(Unit unit, double value, AtLeast at_least) {
  return (at_least != AtLeast::no ? "≥ " : "") + human(unit, value);
}

}  // namespace ipcbench

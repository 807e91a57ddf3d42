#pragma once

#include <optional>
#include <string_view>

#include "plots/table/cells.h"
#include "plots/table/table.h"
#include "plots/tables/table_form.h"
#include "results/figures/memory_figure.h"
#include "results/model/record.h"

// Makes the cells of tables of measurements. A cell is empty where the case has no such figure.

namespace ipcbench {

// Returns the transport, for people with the mark if a limit changed the row.
Cell transport_cell(const CaseRecord& c);

// Returns the headline as a multiple of the floor, the least that is possible on these CPUs; none without a floor.
std::optional<double> times_floor(const Result& result, const CaseRecord& c, Form form);

// Marks a mean in place of a p50 that the clock is too coarse for.
inline constexpr std::string_view kMeanMark = "(mean)";
// Says that a table is ranked by the mean although some of its rows show their p50.
void add_note_on_means(Table& table);

Cell p50_cell(const CaseSummary& summary);
Cell worst_cell(const CaseSummary& summary);
Cell channel_cell(const CaseRecord& c, const MemoryFigure& memory);
// Returns "yes" if the memory is a lower bound, "no" if it is exact.
Cell at_least_cell(const MemoryFigure& memory);
Cell switches_cell(const CaseSummary& summary);
// Returns the launches' commonest class, and whether the pooled round trips have two modes.
Cell class_cell(const CaseSummary& summary);

bool has_broker(const CaseRecord& c);
bool counts_calls(const CaseSummary& summary);
// Returns whether calls made again are counted separately. A source that doesn't see results counts them with the rest.
bool tells_retried_apart(const CaseSummary& summary);
// Returns the system calls of both sides that succeeded. A broker's calls are not counted.
Cell calls_cell(const CaseRecord& c);
Cell retried_cell(const CaseSummary& summary);

}  // namespace ipcbench

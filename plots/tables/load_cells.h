#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plots/table/table.h"
#include "plots/tables/row_notes.h"
#include "results/model/record.h"

// Cells that the tables of open loops have in common.

namespace ipcbench {

// Returns the transport with its own options, without those of the load but for how a cast shares.
std::string load_row_label(const CaseRecord& c);

// Returns what cases of one load have in common beside its rate: "8 to 1, constant, one-way, pacer sleep".
std::string load_kind(const CaseRecord& c);

// Returns a time with the clock's error beside it, if the error is over half of it.
Cell time_cell(const CaseRecord& c, const Figure& figure);

// Returns a quantile, or the messages that it would need in a launch: "— (10000)".
Cell quantile_cell(const CaseRecord& c, const Figure& figure, double q);

// Returns whether any of the cases has figures of seats.
bool have_seats(const std::vector<const CaseRecord*>& cases);
// Adds the columns that tables of open loops end in: times, costs, those of seats where there are any, and notes.
// add_load_cells() fills them.
void add_load_columns(Table& table, bool with_seats);
void add_load_cells(std::vector<Cell>& row, const CaseRecord& c, RowNotes& notes, bool with_seats);

// Adds a note in both languages.
void add_note(Table& table, std::string_view english, std::string_view chinese);
// Says what the columns of open loops mean.
void explain_load_columns(Table& table);

}  // namespace ipcbench

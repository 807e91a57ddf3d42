#pragma once

#include <string>

#include "plots/table/table.h"

namespace ipcbench {

// Holds a table in both languages. If both have the same shape, they become one HTML table with each text twice, of
// which the page's style shows one; else two tables.
struct BilingualTable {
  Table english;
  Table chinese;
};

// Returns a <section class="table"> with a title, a <tbody> per part and notes, readable without scripts or styles:
//   - A line below a cell's text is a <span class="below">.
//   - A column that wraps has class="wrap", and its table class="stack". Each cell of such a table has the column's
//     title in a <span class="label">.
//   - For scripts, <table data-table> holds the id, <th data-key> the column's key, <td data-v> the number as in CSV.
//
// Everything is escaped, and texts are cut by shortened(). A folded section shows its title until it is opened, which
// needs no script.
std::string to_html(const BilingualTable& table, bool folded = false);

}  // namespace ipcbench

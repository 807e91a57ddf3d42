#pragma once

#include <string>

#include "plots/table/table.h"

namespace ipcbench {

// A table in both languages. Where they have the same shape it is one table whose texts stand there twice, of which the
// page's style shows one; else there are two.
struct BilingualTable {
  Table english;
  Table chinese;
};

// A <section class="table"> with its title, a <tbody> per part and its notes, readable without scripts or styles.
// What stands below a cell's text is a <span class="below"> for each line; columns that wrap have class="wrap", and
// a table that has any, class="stack" and a <span class="label"> with the column's title in each cell. For
// scripts, <table data-table> holds the id, a <th data-key> the column's, and a <td data-v> the number that it
// shows, as in CSV. Everything is escaped, and texts are cut as by shortened(). A folded one shows its title until it
// is opened, which needs no script.
std::string to_html(const BilingualTable& table, bool folded = false);

}  // namespace ipcbench

#include "cli/output/listing.h"

#include <utility>

namespace ipcbench {

Table listing(const std::string& title, const std::vector<std::string>& columns,
              const std::vector<std::vector<std::string>>& rows) {
  Table table;
  table.title = title;
  for (const std::string& column : columns) table.columns.push_back({.key = column, .title = column});
  TablePart part;
  for (const std::vector<std::string>& row : rows) {
    std::vector<Cell>& cells = part.rows.emplace_back();
    for (const std::string& text : row) cells.push_back({.value = text});
  }
  table.parts.push_back(std::move(part));
  return table;
}

std::string format_tables(const std::vector<Table>& tables, bool color) {
  std::vector<Table> filled;
  for (const Table& table : tables) {
    if (!table.parts.front().rows.empty()) filled.push_back(table);
  }
  return to_text(filled, {.color = color});
}

}  // namespace ipcbench

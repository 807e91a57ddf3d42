#include "plots/table/table_view.h"

#include <algorithm>
#include <variant>

#include "results/model/utf8.h"

namespace ipcbench {
namespace {

bool is_empty(const Cell& cell) {
  const std::string* text = std::get_if<std::string>(&cell.value);
  return cell.shown.empty() && cell.below.empty() &&
         (std::holds_alternative<std::monostate>(cell.value) || (text && text->empty()));
}

}  // namespace

std::string shown(const Column& column, const Cell& cell) {
  if (!cell.shown.empty()) return printable(cell.shown);
  if (const std::string* text = std::get_if<std::string>(&cell.value)) return printable(*text);
  if (const double* number = std::get_if<double>(&cell.value)) return human(column.unit, *number, cell.interval);
  return std::string(kNothing);
}

std::vector<std::size_t> visible_columns(const Table& table) {
  std::vector<std::size_t> visible;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto row_has = [&](const std::vector<Cell>& row) { return i < row.size() && !is_empty(row[i]); };
    const bool any = std::any_of(table.parts.begin(), table.parts.end(), [&](const TablePart& part) {
      return std::any_of(part.rows.begin(), part.rows.end(), row_has);
    });
    if (table.columns[i].audience == Audience::all && any) visible.push_back(i);
  }
  return visible;
}

}  // namespace ipcbench

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "plots/table/table.h"
#include "results/model/json_text.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

bool is_number(std::string_view text) noexcept {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// Spreadsheets take such a cell for a formula, and run it. Names in results come from anywhere.
bool is_formula(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 10> kBegins = {
      "=",           "+", "-", "@", "\t", "\r", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
      "\xef\xbc\xa0"};  // the last four: full width
  return std::ranges::any_of(kBegins, [&](std::string_view begin) { return text.starts_with(begin); }) &&
         !is_number(text);
}

// An apostrophe in front makes text of what would be a formula.
std::string csv_field(std::string_view text) {
  std::string safe = printable(text);
  if (is_formula(text)) safe.insert(0, 1, '\'');
  if (safe.find_first_of("\",") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (const char c : safe) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

// Spreadsheets take a file without the mark for one of the local 8-bit encoding. Plain ASCII stays as it is, for
// programs that would take the mark for a part of the first key.
std::string with_byte_order_mark(std::string text) {
  const bool is_ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return is_ascii ? text : "\xef\xbb\xbf" + text;
}

std::string csv_number(double value) { return std::isfinite(value) ? json_number(value) : ""; }

std::string csv_cell(const Cell& cell) {
  if (const std::string* text = std::get_if<std::string>(&cell.value)) return csv_field(*text);
  if (const double* number = std::get_if<double>(&cell.value)) return csv_number(*number);
  return "";
}

std::string json_cell(const Cell& cell) {
  if (const std::string* text = std::get_if<std::string>(&cell.value)) return json_quoted(printable(*text));
  if (const double* number = std::get_if<double>(&cell.value)) return json_number(*number);
  return "null";
}

std::string json_row(const Table& table, const TablePart& part, const std::vector<Cell>& row) {
  std::string text = fmt::format("{{\"part\": {}", json_quoted(printable(part.title)));
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    text += fmt::format(", {}: {}", json_quoted(column.key), json_cell(row[i]));
    if (!column.has_interval) continue;
    text += fmt::format(", {}: ", json_quoted(column.key + "_ci95"));
    text += row[i].interval
                ? fmt::format("[{}, {}]", json_number(row[i].interval->low), json_number(row[i].interval->high))
                : "null";
  }
  return text + "}";
}

// `items` between brackets, one a line.
std::string lines(const std::vector<std::string>& items, std::string_view indent) {
  std::string text = "[";
  for (const std::string& item : items) text += fmt::format("{}\n{}{}", &item == items.data() ? "" : ",", indent, item);
  return text + "]";
}

std::string json_object(const Table& table) {
  std::vector<std::string> columns;
  for (const Column& column : table.columns) {
    columns.push_back(fmt::format("{{\"key\": {}, \"title\": {}, \"unit\": {}}}", json_quoted(column.key),
                                  json_quoted(column.title), json_quoted(name_of(column.unit))));
  }
  std::vector<std::string> rows;
  for (const TablePart& part : table.parts) {
    for (const auto& row : part.rows) rows.push_back(json_row(table, part, row));
  }
  std::vector<std::string> notes;
  for (const std::string& note : table.notes) notes.push_back(json_quoted(printable(note)));
  return fmt::format("{{\"id\": {}, \"title\": {},\n \"columns\": {},\n \"rows\": {},\n \"notes\": {}}}",
                     json_quoted(printable(table.id)), json_quoted(printable(table.title)), lines(columns, "  "),
                     lines(rows, "  "), lines(notes, "  "));
}

}  // namespace

std::string to_csv(const Table& table) {
  const bool has_parts =
      std::any_of(table.parts.begin(), table.parts.end(), [](const TablePart& part) { return !part.title.empty(); });
  std::string header = has_parts ? "part" : "";
  for (const Column& column : table.columns) {
    header += (header.empty() ? "" : ",") + csv_field(column.key);
    if (column.has_interval) header += fmt::format(",{0}_low,{0}_high", column.key);
  }
  std::string text = header + "\r\n";
  for (const TablePart& part : table.parts) {
    for (const auto& row : part.rows) {
      std::string line = has_parts ? csv_field(part.title) : "";
      for (std::size_t i = 0; i < table.columns.size(); ++i) {
        line += (has_parts || i > 0 ? "," : "") + csv_cell(row[i]);
        if (!table.columns[i].has_interval) continue;
        const auto& interval = row[i].interval;
        line += "," + (interval ? csv_number(interval->low) : "") + "," + (interval ? csv_number(interval->high) : "");
      }
      text += line + "\r\n";
    }
  }
  return with_byte_order_mark(std::move(text));
}

std::string to_json(const Table& table) { return json_object(table) + "\n"; }

std::string to_json(std::span<const Table> tables) {
  std::vector<std::string> objects;
  for (const Table& table : tables) objects.push_back(json_object(table));
  return lines(objects, "") + "\n";
}

}  // namespace ipcbench

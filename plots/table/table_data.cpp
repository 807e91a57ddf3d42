#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/core.h>

#include "plots/table/table.h"
#include "results/model/json_writer.h"
#include "results/model/number_text.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

bool is_number(std::string_view text) noexcept {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// Returns whether a spreadsheet would run the text as a formula. Names in results are untrusted.
bool is_formula(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 10> kBegins = {
      "=",           "+", "-", "@", "\t", "\r", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
      "\xef\xbc\xa0"};  // the last four: full width
  return std::ranges::any_of(kBegins, [&](std::string_view begin) { return text.starts_with(begin); }) &&
         !is_number(text);
}

// Quotes a field. An apostrophe in front turns a formula into text.
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

// Adds a byte order mark, without which spreadsheets assume the local 8-bit encoding. Plain ASCII doesn't need one, and
// some programs would take the mark for a part of the first key.
std::string with_byte_order_mark(std::string text) {
  const bool is_ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return is_ascii ? text : "\xef\xbb\xbf" + text;
}

std::string csv_number(double value) { return number_or(value, ""); }

std::string csv_cell(const Cell& cell) {
  if (const std::string* text = std::get_if<std::string>(&cell.value)) return csv_field(*text);
  if (const double* number = std::get_if<double>(&cell.value)) return csv_number(*number);
  return "";
}

constexpr std::size_t kTableIndent = 1, kLineIndent = 2;

void write_cell(JsonWriter& json, const Cell& cell) {
  if (const std::string* text = std::get_if<std::string>(&cell.value)) return json.value(printable(*text));
  if (const double* number = std::get_if<double>(&cell.value)) return json.value(*number);
  json.value(nullptr);
}

void write_column(JsonWriter& json, const Column& column) {
  json.object([&] {
    json.member("key", column.key);
    json.member("title", column.title);
    json.member("unit", to_string(column.unit));
  });
}

void write_row(JsonWriter& json, const Table& table, const TablePart& part, const std::vector<Cell>& row) {
  json.object([&] {
    json.member("part", printable(part.title));
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const Column& column = table.columns[i];
      write_cell(json.key(column.key), row[i]);
      if (column.has_interval) json.member(column.key + "_ci95", row[i].interval);
    }
  });
}

void write_table(JsonWriter& json, const Table& table) {
  json.object([&] {
    json.member("id", printable(table.id));
    json.member("title", printable(table.title));
    json.break_line(kTableIndent);
    json.key("columns").list([&] {
      for (const Column& column : table.columns) {
        json.break_line(kLineIndent);
        write_column(json, column);
      }
    });
    json.break_line(kTableIndent);
    json.key("rows").list([&] {
      for (const TablePart& part : table.parts) {
        for (const auto& row : part.rows) {
          json.break_line(kLineIndent);
          write_row(json, table, part, row);
        }
      }
    });
    json.break_line(kTableIndent);
    json.key("notes").list([&] {
      for (const std::string& note : table.notes) {
        json.break_line(kLineIndent);
        json.value(printable(note));
      }
    });
  });
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

std::string to_json(const Table& table) {
  JsonWriter json;
  write_table(json, table);
  return json.take() + '\n';
}

std::string to_json(std::span<const Table> tables) {
  JsonWriter json;
  json.list([&] {
    for (const Table& table : tables) {
      json.break_line(0);
      write_table(json, table);
    }
  });
  return json.take() + '\n';
}

}  // namespace ipcbench

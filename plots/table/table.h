#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "plots/table/units.h"
#include "results/model/bilingual.h"
#include "results/model/record.h"

// Defines tables of a result and their forms: text for terminals, Markdown, CSV, JSON. Cells may hold untrusted text
// from files, so that every form escapes control characters.

namespace ipcbench {

struct Cell {
  std::variant<std::monostate, std::string, double> value;  // monostate: empty
  std::optional<Interval> interval = {};
  std::string shown = {};               // text for people if value and unit don't suffice
  std::vector<std::string> below = {};  // further lines for people
};

enum class Audience : std::uint8_t {
  all,
  data,  // CSV and JSON only
};

struct Column {
  std::string key;    // CSV, JSON: lower case, the unit at its end
  std::string title;  // text, Markdown
  Unit unit = Unit::text;
  bool has_interval = false;  // CSV: key_low, key_high; JSON: key_ci95
  Audience audience = Audience::all;
  std::size_t wrap = 0;  // text: width in columns of a terminal at which a cell wraps; 0: never
  bool left = false;     // left-aligned although a number: its cells begin with words

  bool stands_left() const noexcept { return unit == Unit::text || left; }
};

struct TablePart {
  std::string title;  // "" for a table of one part
  std::vector<std::vector<Cell>> rows;
};

struct Table {
  std::string id;  // "ping-pong/same-cpu": stable, for data formats
  std::string title;
  std::vector<Column> columns;  // every row has one cell per column
  std::vector<TablePart> parts;
  std::vector<std::string> notes;
  // The notes' and cells' texts in both languages, for in_chinese().
  std::vector<BilingualString> bilingual = {};
};

struct TextStyle {
  bool color = false;  // ANSI escapes
};

// Formats a table for people, without columns that are empty in every row. All end in a newline; text wraps notes at
// 120 columns.
std::string to_text(const Table& table, TextStyle style);
std::string to_markdown(const Table& table);
// Formats by RFC 4180 with a header. Numbers are raw, missing ones empty; if there are parts, their titles form the
// first column. The text is UTF-8, with a byte order mark unless it is all ASCII. Text that a spreadsheet would run as
// a formula (first character = + - @) gets an apostrophe in front.
std::string to_csv(const Table& table);
// Returns {"id", "title", "columns": [{"key", "title", "unit"}], "rows": [{"part", key: value …}], "notes"}.
std::string to_json(const Table& table);

std::string to_text(std::span<const Table> tables, TextStyle style);
std::string to_markdown(std::span<const Table> tables);
std::string to_json(std::span<const Table> tables);  // an array

}  // namespace ipcbench

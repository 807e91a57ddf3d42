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

// A table of a result, and its forms: text for terminals, Markdown, CSV, JSON. Cells may hold text from files that
// nobody vouches for: no form passes a control character on.

namespace ipcbench {

struct Cell {
  std::variant<std::monostate, std::string, double> value;  // monostate: nothing to show
  std::optional<Interval> interval = {};
  std::string shown = {};               // what people read in place of the value, where a unit alone doesn't say it
  std::vector<std::string> below = {};  // for people: lines of their own under that
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
  std::size_t wrap = 0;  // text: columns of a terminal after which a cell goes on in the next line; 0: never
  bool left = false;     // numbers stand on the right, unless their cells begin with words

  bool stands_left() const noexcept { return unit == Unit::text || left; }
};

struct TablePart {
  std::string title;  // "" for a table of one part
  std::vector<std::vector<Cell>> rows;
};

struct Table {
  std::string id;  // "ping-pong/same-cpu": stable, for data formats
  std::string title;
  std::vector<Column> columns;  // as many as each row has cells
  std::vector<TablePart> parts;
  std::vector<std::string> notes;
  // What of the notes and cells is in both languages, for in_chinese().
  std::vector<Phrase> phrases = {};
};

struct TextStyle {
  bool colour = false;  // ANSI escapes
};

// Text and Markdown leave out columns that are empty in every row. All end in a newline. Text breaks notes at 120
// columns.
std::string to_text(const Table& table, TextStyle style);
std::string to_markdown(const Table& table);
// RFC 4180 with a header; raw numbers, empty where there is none; the part's title as first column if there are parts.
// UTF-8, with a byte order mark unless all of it is ASCII. Text that a spreadsheet would run as a formula (= + - @ at
// its begin) gets an apostrophe in front.
std::string to_csv(const Table& table);
// {"id", "title", "columns": [{"key", "title", "unit"}], "rows": [{"part", key: value …}], "notes"}
std::string to_json(const Table& table);

std::string to_text(std::span<const Table> tables, TextStyle style);
std::string to_markdown(std::span<const Table> tables);
std::string to_json(std::span<const Table> tables);  // an array

}  // namespace ipcbench

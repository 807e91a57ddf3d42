#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "plots/table/table.h"
#include "plots/table/table_view.h"
#include "plots/table/wrap.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kPlainText = "\x1b[0m";
constexpr std::string_view kGap = "  ";
constexpr std::string_view kNoteIndent = "   ";
constexpr std::size_t kLineWidth = 120;

// Returns the lines that a cell takes in text.
std::vector<std::string> lines_of(const Column& column, const Cell& cell) {
  std::vector<std::string> lines = {shown(column, cell)};
  for (const std::string& line : cell.below) lines.push_back(printable(line));
  if (column.wrap == 0) return lines;
  std::vector<std::string> wrapped;
  for (const std::string& line : lines) {
    for (std::string& part : wrap(line, column.wrap)) wrapped.push_back(std::move(part));
  }
  return wrapped;
}

std::string padded(const Column& column, const std::string& text, std::size_t width) {
  const std::string space(width - std::min(width, display_width(text)), ' ');
  return column.stands_left() ? text + space : space + text;
}

class TextPainter {
 public:
  TextPainter(const Table& table, TextStyle style)
      : table_(table), color_(style.color), visible_(visible_columns(table)) {
    for (const std::size_t i : visible_) {
      const Column& column = table.columns[i];
      std::size_t width = display_width(printable(column.title));
      for (const TablePart& part : table.parts) {
        for (const auto& row : part.rows) {
          for (const std::string& line : lines_of(column, row[i])) width = std::max(width, display_width(line));
        }
      }
      widths_.push_back(width);
    }
  }

  std::string paint() {
    paint_line(kBold, printable(table_.title));
    if (std::any_of(table_.columns.begin(), table_.columns.end(), [](const Column& c) { return !c.title.empty(); })) {
      std::string header;
      for (std::size_t k = 0; k < visible_.size(); ++k) {
        const Column& column = table_.columns[visible_[k]];
        header += padded(column, printable(column.title), widths_[k]).append(kGap);
      }
      paint_line(kDim, header);
    }
    for (const TablePart& part : table_.parts) {
      if (!part.title.empty()) paint_line(kDim, "-- " + printable(part.title));
      for (const auto& row : part.rows) {
        if (has_lines_below(row) && &row != part.rows.data()) text_ += '\n';  // otherwise two rows look like one
        paint_row(row);
      }
    }
    for (const std::string& note : table_.notes) paint_note(printable(note));
    return std::move(text_);
  }

 private:
  void paint_note(const std::string& note) {
    std::string indent(kNoteIndent);
    std::size_t room = kLineWidth - kNoteIndent.size();
    if (display_width(note) > room) room -= kGap.size();  // continued lines are indented further
    for (const std::string& line : wrap(note, room)) {
      paint_line(kDim, indent + line);
      if (indent.size() == kNoteIndent.size()) indent += kGap;
    }
  }

  static bool has_lines_below(const std::vector<Cell>& row) {
    return std::any_of(row.begin(), row.end(), [](const Cell& cell) { return !cell.below.empty(); });
  }

  void paint_row(const std::vector<Cell>& row) {
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 1;
    for (const std::size_t i : visible_) {
      cells.push_back(lines_of(table_.columns[i], row[i]));
      height = std::max(height, cells.back().size());
    }
    for (std::size_t n = 0; n < height; ++n) {
      std::string line;
      for (std::size_t k = 0; k < visible_.size(); ++k) {
        line += padded(table_.columns[visible_[k]], n < cells[k].size() ? cells[k][n] : "", widths_[k]).append(kGap);
      }
      paint_line("", line);
    }
  }

  void paint_line(std::string_view style, std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    if (line.empty()) return;
    if (color_ && !style.empty()) line = std::string(style).append(line).append(kPlainText);
    text_ += line + '\n';
  }

  const Table& table_;
  bool color_;
  std::vector<std::size_t> visible_;
  std::vector<std::size_t> widths_;
  std::string text_;
};

std::string markdown(std::string_view text) {
  std::string result;
  for (const char c : printable(text)) {
    if (std::string_view("\\`*[]<>|&").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

}  // namespace

std::string to_text(const Table& table, TextStyle style) { return TextPainter(table, style).paint(); }

std::string to_markdown(const Table& table) {
  const std::vector<std::size_t> visible = visible_columns(table);
  std::string text = "### " + markdown(table.title) + "\n\n";
  for (const TablePart& part : table.parts) {
    if (!part.title.empty()) text += "**" + markdown(part.title) + "**\n\n";
    std::string rule = "|";
    text += "|";
    for (const std::size_t i : visible) {
      text += " " + markdown(table.columns[i].title) + " |";
      rule += table.columns[i].stands_left() ? " --- |" : " ---: |";
    }
    text += "\n" + rule + "\n";
    for (const auto& row : part.rows) {
      text += "|";
      for (const std::size_t i : visible) {
        text += " " + markdown(shown(table.columns[i], row[i]));
        for (const std::string& line : row[i].below) text += "<br>" + markdown(line);
        text += " |";
      }
      text += "\n";
    }
    text += "\n";
  }
  for (const std::string& note : table.notes) text += "- " + markdown(note) + "\n";
  return text;
}

std::string to_text(std::span<const Table> tables, TextStyle style) {
  std::string text;
  for (const Table& table : tables) text += (text.empty() ? "" : "\n") + to_text(table, style);
  return text;
}

std::string to_markdown(std::span<const Table> tables) {
  std::string text;
  for (const Table& table : tables) text += (text.empty() ? "" : "\n") + to_markdown(table);
  return text;
}

}  // namespace ipcbench

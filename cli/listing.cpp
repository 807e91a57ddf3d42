#include "cli/listing.h"

#include <algorithm>

#include <fmt/core.h>

namespace ipcbench {
namespace {

std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string line = " ";
  for (std::size_t n = 0; n < cells.size(); ++n) line += fmt::format(" {:{}} ", cells[n], widths[n]);
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string bold(const std::string& text, bool color) { return color ? "\x1b[1m" + text + "\x1b[0m" : text; }

}  // namespace

std::string text_of(const Listing& listing, bool color) {
  if (listing.rows.empty()) return "";
  std::vector<std::size_t> widths;
  for (const std::string& column : listing.columns) widths.push_back(column.size());
  for (const std::vector<std::string>& row : listing.rows) {
    for (std::size_t n = 0; n < row.size(); ++n) widths[n] = std::max(widths[n], row[n].size());
  }
  std::string text = bold(listing.heading, color) + "\n" + bold(line_of(listing.columns, widths), color) + "\n";
  for (const std::vector<std::string>& row : listing.rows) text += line_of(row, widths) + "\n";
  return text + "\n";
}

}  // namespace ipcbench

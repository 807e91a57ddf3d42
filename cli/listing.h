#pragma once

#include <string>
#include <vector>

namespace ipcbench {

// A table of text under a heading, for what has no figures.
struct Listing {
  std::string heading;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // as wide as `columns`
};

// Columns as wide as their longest cell, the last one ragged. `color` sets headings off. Empty without rows.
std::string text_of(const Listing& listing, bool color);

}  // namespace ipcbench

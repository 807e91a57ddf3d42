#include "plots/tables/row_notes.h"

#include <algorithm>

#include <fmt/format.h>

#include "results/rows/at_largest.h"

namespace ipcbench {

Cell RowNotes::cell_of(const CaseRecord& c) {
  Cell result;
  std::string all;
  std::vector<std::string> notes = c.summary.notes;
  if (std::string largest = at_largest_text(c).english; !largest.empty()) notes.insert(notes.begin(), largest);
  for (const std::string& note : notes) {
    const auto found = std::ranges::find(texts_, note);
    const auto number = found - texts_.begin() + 1;
    if (found == texts_.end()) texts_.push_back(note);
    result.shown += fmt::format("{}{}", result.shown.empty() ? "" : ",", number);
    all += (all.empty() ? "" : "; ") + note;
  }
  if (!all.empty()) result.value = all;
  return result;
}

void RowNotes::add_to(Table& table) const {
  for (std::size_t i = 0; i < texts_.size(); ++i) table.notes.push_back(fmt::format("{}: {}", i + 1, texts_[i]));
}

}  // namespace ipcbench

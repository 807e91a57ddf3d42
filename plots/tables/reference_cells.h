#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "plots/table/table.h"
#include "results/rows/reference.h"

namespace ipcbench {

// Marks a ratio that isn't paired by pass.
inline constexpr std::string_view kUnpairedMark = "°";

// Fills a table's columns of multiples of a reference row, and adds notes on what they mean and what is missing.
class ReferenceCells {
 public:
  // `reference` must outlive this; nullptr: no columns.
  explicit ReferenceCells(const Reference* reference) : reference_(reference) {}

  bool empty() const noexcept { return reference_ == nullptr; }
  // Returns the row that `c` is compared with; nullptr if there is none.
  const CaseRecord* row_for(const CaseRecord& c) const;

  // Returns the column "times_reference", titled "× pipe [95 %]".
  Column column() const;
  // Returns a column for programs: "yes" if the ratio is paired by pass, else "no".
  static Column paired_column();

  // Returns `figure` of `c` as a multiple of the reference's. If the clock is too coarse for either p50, both sides use
  // the mean. Without a reference row, or with too few launches, the cell is empty and the notes mention it.
  Cell cell_of(const CaseRecord& c, const FigureInfo& figure);
  // Returns the paired_column() cell for the last cell_of().
  Cell paired_cell() const;

  // Adds the notes that the cells made so far need, in both languages.
  void add_notes(Table& table) const;

 private:
  std::string short_name() const;  // for titles: of a case, its transport with its options

  const Reference* reference_;
  Ratio last_;
  bool has_any_ = false;
  bool has_unpaired_ = false;
  bool has_too_few_ = false;
  bool has_no_launches_ = false;
  std::set<std::uint64_t> missing_;  // sizes without a reference row
};

}  // namespace ipcbench

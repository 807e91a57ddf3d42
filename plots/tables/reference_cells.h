#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "plots/table/table.h"
#include "results/rows/reference.h"

namespace ipcbench {

// The mark of a ratio that isn't paired by pass.
inline constexpr std::string_view kUnpairedMark = "°";

// Fills a table's columns of multiples of a row of reference, and says below it what they are and what they lack.
class ReferenceCells {
 public:
  // The reference must outlive this; nullptr: there is none, and no columns.
  explicit ReferenceCells(const Reference* reference) : reference_(reference) {}

  bool empty() const noexcept { return reference_ == nullptr; }
  // The row that `c` is compared with; nullptr if there is none.
  const CaseRecord* row_for(const CaseRecord& c) const;

  // "times_reference", titled "× pipe [95 %]".
  Column column() const;
  // For programs: "yes" where the ratio is paired by pass, "no" where it isn't.
  static Column paired_column();

  // What `figure` of `c` is as a multiple of the reference's. A row without one, and a figure with too few launches,
  // has no value, and is remembered for the notes.
  Cell cell_of(const CaseRecord& c, const FigureInfo& figure);
  // Of the last cell.
  Cell paired_cell() const;

  // Adds what the cells made so far need, in both languages.
  void add_notes(Table& table) const;

 private:
  std::string short_name() const;  // what stands in a title: of a case its transport with its options

  const Reference* reference_;
  Ratio last_;
  bool has_any_ = false;
  bool has_unpaired_ = false;
  bool has_too_few_ = false;
  bool has_no_launches_ = false;
  std::set<std::uint64_t> missing_;  // sizes of rows that have nothing to be compared with
};

}  // namespace ipcbench

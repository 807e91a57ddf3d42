#include "plots/tables/reference_cells.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "plots/table/cells.h"
#include "plots/tables/measurement_cells.h"
#include "plots/tables/result_tables.h"
#include "results/figures/compared_figure.h"
#include "results/figures/statistics.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

void add_note(Table& table, std::string english, std::string chinese) {
  table.notes.push_back(english);
  table.bilingual.push_back({std::move(english), std::move(chinese)});
}

BilingualString sizes_text(const std::set<std::uint64_t>& sizes) {
  BilingualString text;
  for (const std::uint64_t size : sizes) {
    text.english += (text.english.empty() ? "" : ", ") + (size == 0 ? "what carries nothing" : format_size(size));
    text.chinese += (text.chinese.empty() ? "" : "、") + (size == 0 ? "不携带数据" : format_size(size));
  }
  return text;
}

}  // namespace

std::string ReferenceCells::short_name() const {
  const CaseRecord* only = reference_->only_case();
  return printable(only == nullptr ? reference_->name() : label_of(*only));
}

const CaseRecord* ReferenceCells::row_for(const CaseRecord& c) const {
  return reference_ == nullptr ? nullptr : reference_->row_for(c);
}

Column ReferenceCells::column() const {
  return {"times_reference", fmt::format("× {} [95 %]", short_name()), Unit::times, true};
}

Column ReferenceCells::paired_column() {
  return {"times_reference_paired", "paired", Unit::text, false, Audience::data};
}

Cell ReferenceCells::cell_of(const CaseRecord& c, const FigureInfo& figure) {
  last_ = {};
  const CaseRecord* row = row_for(c);
  if (row == nullptr) {
    missing_.insert(c.size);
    return {};
  }
  has_any_ = true;
  if (row == &c) {
    last_ = {.median = 1, .interval = {}, .n = 0, .paired = true};
    return cell(last_.median);
  }
  const FigureInfo& compared = compared_by(figure, std::array{&c, row});
  last_ = ratio_of(c, *row, compared);
  if (!last_.median) (figure.of_launch == nullptr ? has_no_launches_ : has_too_few_) = true;
  Cell result = cell(last_.median);
  result.interval = last_.interval;
  if (last_.median && last_.interval && !last_.paired) {
    has_unpaired_ = true;
    result.shown = fmt::format("{} {}", human(Unit::times, *last_.median, *last_.interval), kUnpairedMark);
  }
  if (last_.median && &compared != &figure) {
    if (result.shown.empty()) result.shown = human(Unit::times, *last_.median, last_.interval);
    result.shown += fmt::format(" {}", kMeanMark);
  }
  return result;
}

Cell ReferenceCells::paired_cell() const {
  return last_.median ? cell(std::string(last_.paired ? "yes" : "no")) : Cell{};
}

void ReferenceCells::add_notes(Table& table) const {
  if (empty()) return;
  const std::string name = short_name();
  if (!missing_.empty()) {
    const BilingualString sizes = sizes_text(missing_);
    add_note(table, fmt::format("× {0}: no row of {0} to compare with: {1}", name, sizes.english),
             fmt::format("× {0}：没有可比的 {0} 行：{1}", name, sizes.chinese));
  }
  if (!has_any_) return;
  add_note(table,
           fmt::format("× {}: the figure as a multiple of {}'s, the median of the ratios within each pass; an interval "
                       "that holds 1 shows no difference",
                       name, printable(reference_->name())),
           fmt::format("× {}：该值相对于 {} 的倍数，取各轮之内比值的中位数；区间包含 1 表示看不出差别", name,
                       printable(reference_->name())));
  if (has_unpaired_) {
    add_note(table,
             fmt::format("{}: not paired: fewer than {} passes in which launches of both count; ratio of the medians, "
                         "its interval by bootstrap",
                         kUnpairedMark, kLeastForInterval),
             fmt::format("{}：未配对：双方启动都被采用的轮次少于 {} 轮；为中位数之比，区间由自助法得出", kUnpairedMark,
                         kLeastForInterval));
  }
  if (has_too_few_) {
    add_note(table,
             fmt::format("× {}: — where either has fewer than {} launches that count, or a value of 0", name,
                         kLeastForInterval),
             fmt::format("× {}：— 表示一方被采用的启动少于 {} 次，或其值为 0", name, kLeastForInterval));
  }
  if (has_no_launches_) {
    add_note(table, fmt::format("× {}: — for what isn't measured launch by launch, such as memory", name),
             fmt::format("× {}：— 表示该值不是逐次启动测得的，例如内存", name));
  }
}

}  // namespace ipcbench

#include "plots/tables/mux_tables.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "plots/table/cells.h"
#include "plots/tables/load_cells.h"
#include "results/figures/load_summary.h"
#include "results/model/utf8.h"
#include "results/rows/mux_crossings.h"
#include "scenarios/list/cast.h"

namespace ipcbench {
namespace {

std::string verdict_of(const MuxCrossing& crossing) {
  const std::string few = printable(crossing.few), many = printable(crossing.many);
  if (crossing.crossing) return fmt::format("{}, then {}", few, many);
  if (crossing.surely_few && !crossing.surely_many) return few;
  if (crossing.surely_many && !crossing.surely_few) return many;
  return "not told apart";
}

// Returns the crossing point; its interval is from the one that is surely better to the other.
Cell crossing_cell(const MuxCrossing& crossing) {
  Cell shown = cell(crossing.crossing);
  if (crossing.crossing) shown.interval = Interval{*crossing.surely_few, *crossing.surely_many};
  return shown;
}

Cell ratio_cell(const Ratio& ratio) {
  Cell shown = cell(ratio.median);
  if (ratio.median) shown.interval = ratio.interval;
  return shown;
}

Table empty_table(const CaseRecord& any) {
  return {
      fmt::format("mux/{}", to_string(any.placement)),
      fmt::format("From how many channels on which way to wait for them carries more, {}", to_string(any.placement)),
      {{"transport", "transport"},
       {"wait", "wait"},
       {"size_bytes", "size", Unit::bytes},
       {"active", "active"},
       {"few", "with few"},
       {"many", "with many"},
       {"carries_more", "carries more"},
       {"crossing_channels", "crossing [channels]", Unit::number, true},
       {"fewest_channels", "fewest", Unit::count},
       {"fewest_ratio", "many/few [95 %]", Unit::times, true},
       {"most_channels", "most", Unit::count},
       {"most_ratio", "many/few [95 %]", Unit::times, true},
       {"n", "n", Unit::count}},
      {TablePart{}},
      {}};
}

void add_row(Table& table, const MuxCrossing& crossing) {
  const CaseRecord& any = *crossing.any;
  const MuxPoint &first = crossing.points.front(), &last = crossing.points.back();
  table.parts[0].rows.push_back({cell(mux_row_label(any)), cell(any.wait), cell(any.size),
                                 cell(printable(crossing.active)), cell(printable(crossing.few)),
                                 cell(printable(crossing.many)), cell(verdict_of(crossing)), crossing_cell(crossing),
                                 cell(std::optional(first.channels)), ratio_cell(first.ratio),
                                 cell(std::optional(last.channels)), ratio_cell(last.ratio), cell(first.ratio.n)});
}

void explain(Table& table) {
  add_note(table,
           "crossing: where both carry as much, between the most channels up to which the first is surely better and "
           "the fewest from which on the other is; carries more: what the 95 % intervals of the ratios tell",
           "交叉点：两种方式速率相等处，介于前者确定更好的最大通道数与后者确定更好的最小通道数之间；"
           "速率更高者：由比值的 95 % 区间判定");
  add_note(table,
           "many/few: the rate of the second way over that of the first, by passes, with the fewest channels and "
           "with the most",
           "many/few：按轮次计算的第二种方式与第一种方式速率之比，分别取通道最少与最多时");
}

}  // namespace

std::string mux_row_label(const CaseRecord& c) {
  std::string label = printable(c.transport);
  for (const auto& [name, value] : c.options) {
    const bool is_own = name != kChannelsOption && name != kActiveOption && name != kMuxOption;
    if (is_own) label += fmt::format(" {}={}", printable(name), printable(value));
  }
  return label;
}

std::vector<Table> mux_tables(const Result& result) {
  std::vector<Table> tables;
  for (const MuxCrossing& crossing : mux_crossings(result)) {
    Table fresh = empty_table(*crossing.any);
    auto table = std::ranges::find(tables, fresh.id, &Table::id);
    if (table == tables.end()) table = tables.insert(table, std::move(fresh));
    add_row(*table, crossing);
  }
  for (Table& table : tables) explain(table);
  return tables;
}

}  // namespace ipcbench

#include "plots/tables/load_curve_tables.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "plots/table/cells.h"
#include "plots/tables/load_cells.h"
#include "plots/tables/row_notes.h"
#include "results/figures/load_curves.h"
#include "results/figures/load_summary.h"

namespace ipcbench {
namespace {

std::string curve_title(const LoadCurve& curve) {
  const CaseRecord& any = curve.any();
  const std::string size = any.size == 0 ? "carries nothing" : human(Unit::bytes, static_cast<double>(any.size));
  std::string title = fmt::format("{}, {}, {}, {}", load_row_label(any), to_string(any.wait), size, load_kind(any));
  if (curve.saturation == nullptr) return title;
  const Figure& most = curve.saturation->summary.saturation_per_s;
  if (most.median) title += fmt::format(", saturation {}", human(Unit::per_s, *most.median, most.ci95));
  return title;
}

std::vector<Cell> row_of(const LoadPoint& point, RowNotes& notes, bool with_seats) {
  const CaseRecord& c = *point.measured;
  std::vector<Cell> row = {cell(point.share), cell(std::optional(point.rate_per_s)), cell(c.id),
                           plain_cell(c.summary.achieved_per_s)};
  add_load_cells(row, c, notes, with_seats);
  return row;
}

Table curve_table(const PlacementName& placement, const std::vector<LoadCurve>& curves) {
  Table table{.id = fmt::format("load/{}", to_string(placement)),
              .title = fmt::format("Load: latency and CPU time at each rate, {}", to_string(placement)),
              .columns = {{"share_ratio", "load", Unit::percent},
                          {"rate_per_s", "rate", Unit::per_s},
                          {"case", "case", Unit::text, false, Audience::data},
                          {"achieved_per_s", "achieved", Unit::per_s}},
              .parts = {},
              .notes = {}};
  const bool with_seats =
      std::ranges::any_of(curves, [](const LoadCurve& curve) { return curve.any().summary.has_cast; });
  add_load_columns(table, with_seats);
  RowNotes row_notes;
  for (const LoadCurve& curve : curves) {
    TablePart part{curve_title(curve), {}};
    for (const LoadPoint& point : curve.points) part.rows.push_back(row_of(point, row_notes, with_seats));
    table.parts.push_back(std::move(part));
  }
  row_notes.add_to(table);
  explain_load_columns(table);
  add_note(table, "load: part of the rate at which all messages are due at once, which has no latency",
           "负载：占饱和速率（所有消息同时到期时的速率，此时没有延迟可言）的比例");
  add_note(table,
           "a message after a silence takes longer than one of a steady load: ipcbench load --idle measures that",
           "静默之后的消息比稳定负载下的慢：由 ipcbench load --idle 测量");
  return table;
}

}  // namespace

std::vector<Table> load_curve_tables(const Result& result) {
  std::vector<Table> tables;
  for (const auto& [placement, curves] : curves_by_placement(result)) tables.push_back(curve_table(placement, curves));
  return tables;
}

}  // namespace ipcbench

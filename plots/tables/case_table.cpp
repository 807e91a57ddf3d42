#include <fmt/format.h>

#include "plots/table/cells.h"
#include "plots/tables/measurement_cells.h"
#include "plots/tables/result_tables.h"
#include "results/figures/catalogue.h"
#include "results/figures/memory_figure.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

std::string options_of(const CaseRecord& c) {
  std::string text;
  for (const auto& [name, value] : c.options) text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
  return text;
}

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : "; ") + item;
  return text;
}

bool has_multiple(const FigureInfo& info) { return info.of_launch != nullptr; }

void add_multiple_columns(Table& table) {
  table.columns.push_back({"reference", "reference"});
  for (const FigureInfo& info : figure_catalogue()) {
    const std::string key = fmt::format("{}_times", info.key);
    if (has_multiple(info)) table.columns.push_back({key, key, Unit::times, true});
  }
  table.columns.push_back({"times_unpaired", "times_unpaired"});
}

void add_multiples(std::vector<Cell>& row, const CaseRecord& c, const Reference& reference) {
  const CaseRecord* other = c.status == Status::ok ? reference.row_for(c) : nullptr;
  row.push_back(cell(other == nullptr ? "" : other->id));
  std::string unpaired;
  for (const FigureInfo& info : figure_catalogue()) {
    if (!has_multiple(info)) continue;
    const Ratio ratio = other == nullptr ? Ratio{} : ratio_of(c, *other, info);
    Cell& multiple = row.emplace_back(cell(ratio.median));
    multiple.interval = ratio.interval;
    if (ratio.median && !ratio.paired) unpaired += fmt::format("{}{}", unpaired.empty() ? "" : " ", info.key);
  }
  row.push_back(cell(std::move(unpaired)));
}

}  // namespace

Table case_table(const Result& result, const Reference* reference) {
  Table table{"cases", "All cases", {}, {TablePart{}}, {}};
  for (const char* key : {"id", "scenario", "transport", "wait"}) table.columns.push_back({key, key});
  table.columns.push_back({"size_bytes", "size", Unit::bytes});
  for (const char* key : {"placement", "options", "payload", "status", "reason", "state_used", "class", "bimodal"}) {
    table.columns.push_back({key, key});
  }
  for (const char* key : {"at_largest_asked", "at_largest_limit"}) table.columns.push_back({key, key});
  table.columns.push_back({"launches", "launches", Unit::count});
  table.columns.push_back({"ops", "ops", Unit::count});
  for (const FigureInfo& info : figure_catalogue()) {
    table.columns.push_back({std::string(info.key), std::string(info.key), info.unit, true});
  }
  for (const char* key : {"channel_source", "channel_at_least"}) table.columns.push_back({key, key});
  table.columns.push_back({"rtt_worst_ns", "rtt_worst_ns", Unit::ns});
  table.columns.push_back({"rtt_worst_at_ns", "rtt_worst_at_ns", Unit::ns});
  for (const char* key : {"notes", "buffers", "limits_met"}) table.columns.push_back({key, key});

  if (reference != nullptr) add_multiple_columns(table);
  for (const CaseRecord& c : result.cases) {
    const CaseSummary& s = c.summary;
    std::vector<Cell> row = {cell(c.id), cell(c.scenario), cell(c.transport), cell(c.wait), cell(c.size)};
    row.insert(row.end(), {cell(c.placement), cell(options_of(c)), cell(c.payload),
                           cell(std::string(to_string(c.status))), cell(c.reason), cell(s.state_used), cell(s.steady),
                           cell(std::string(s.bimodal ? (*s.bimodal ? "yes" : "no") : "")),
                           cell(c.at_largest ? fmt::format("{}", fmt::join(c.at_largest->asked, " ")) : ""),
                           cell(c.at_largest ? c.at_largest->limit : ""), cell(c.launches.size()), cell(c.ops)});
    for (const FigureInfo& info : figure_catalogue()) row.push_back(cell(s.*info.figure));
    const MemoryFigure memory = memory_figure(result, c);
    row.push_back(cell(s.channel_source));
    row.push_back(at_least_cell(memory));
    row.push_back(s.rtt_worst ? cell(std::optional(s.rtt_worst->ns)) : Cell{});
    row.push_back(s.rtt_worst ? cell(s.rtt_worst->at_ns) : Cell{});
    row.insert(row.end(), {cell(joined(s.notes)), cell(buffers_text(s.buffers)), cell(limits_of(c).english)});
    if (reference != nullptr) add_multiples(row, c, *reference);
    table.parts[0].rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace ipcbench

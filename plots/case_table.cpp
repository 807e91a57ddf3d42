#include <fmt/format.h>

#include "plots/cells.h"
#include "plots/result_tables.h"
#include "results/figures/catalogue.h"
#include "results/figures/memory_figure.h"
#include "results/limits.h"

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

}  // namespace

Table case_table(const Result& result) {
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

  for (const CaseRecord& c : result.cases) {
    const CaseSummary& s = c.summary;
    std::vector<Cell> row = {cell(c.id), cell(c.scenario), cell(c.transport), cell(c.wait), cell(c.size)};
    row.insert(row.end(), {cell(c.placement), cell(options_of(c)), cell(c.payload),
                           cell(std::string(name_of(c.status))), cell(c.reason), cell(s.state_used), cell(s.steady),
                           cell(std::string(s.bimodal ? (*s.bimodal ? "yes" : "no") : "")),
                           cell(c.at_largest ? fmt::format("{}", fmt::join(c.at_largest->asked, " ")) : ""),
                           cell(c.at_largest ? c.at_largest->limit : ""), cell(c.launches.size()), cell(c.ops)});
    for (const FigureInfo& info : figure_catalogue()) row.push_back(cell(s.*info.figure));
    const MemoryFigure memory = memory_figure(result, c);
    row.push_back(cell(s.channel_source));
    row.push_back(cell(std::string(!memory.figure->median ? "" : memory.at_least == AtLeast::no ? "no" : "yes")));
    row.push_back(s.rtt_worst ? cell(std::optional(s.rtt_worst->ns)) : Cell{});
    row.push_back(s.rtt_worst ? cell(s.rtt_worst->at_ns) : Cell{});
    row.insert(row.end(), {cell(joined(s.notes)), cell(buffers_text(s.buffers)), cell(limits_of(c).english)});
    table.parts[0].rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace ipcbench

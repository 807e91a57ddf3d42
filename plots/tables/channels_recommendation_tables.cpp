#include "plots/tables/channels_recommendation_tables.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plots/table/cells.h"
#include "plots/tables/figure_cells.h"
#include "plots/tables/guide_table.h"
#include "plots/tables/mux_tables.h"
#include "results/figures/load_summary.h"
#include "results/model/limits.h"
#include "results/model/utf8.h"
#include "results/rows/ranking.h"
#include "scenarios/list/cast.h"

namespace ipcbench {
namespace {

std::string channels_title(const ChannelsRecommendation& recommendation) {
  const Need& need = recommendation.need;
  const std::string what =
      need.size == 0 ? "notifications" : "messages of " + human(Unit::bytes, static_cast<double>(need.size));
  return fmt::format("For {} by {} channels, {}{}", what, recommendation.channels, to_string(need.placement),
                     need.may_spin ? "" : ", without spinning");
}

std::string between_channels(const ChannelsQualified& row) {
  if (row.below == row.above) return "measured";
  return fmt::format("{} and {} channels", channels_of(*row.below), channels_of(*row.above));
}

std::string active_of(const ChannelsQualified& row) { return printable(scenario_option(*row.worse, kActiveOption)); }

TablePart part_of(const std::string& active, const std::vector<const ChannelsQualified*>& qualified) {
  const Figure none;
  std::vector<Contender> rows;
  for (const ChannelsQualified* row : qualified) {
    const bool counts = !is_limited(*row->worse);
    rows.push_back({.figure = counts ? &row->rate() : &none, .measured = counts ? row->worse : nullptr});
  }
  TablePart part{fmt::format("{} active", active), {}};
  for (const Rank& place : rank(rows, Better::larger)) {
    const ChannelsQualified& row = *qualified[place.index];
    const CaseRecord& c = *row.worse;
    part.rows.push_back({rank_cell(place), cell(mux_row_label(c)), cell(printable(scenario_option(c, kMuxOption))),
                         cell(row.rate()), cell(channels_of(c)), plain_cell(c.summary.cpu_ns_per_op),
                         cell(between_channels(row)), cell(fmt::format("{}", fmt::join(row.remarks, ", "))),
                         cell(c.id)});
  }
  return part;
}

}  // namespace

std::vector<Table> channels_recommendation_tables(const ChannelsRecommendation& recommendation) {
  Table table{.id = "recommendation",
              .title = channels_title(recommendation),
              .columns = {{"rank", "#", Unit::count},
                          {"transport", "transport"},
                          {"mux", "mux"},
                          {"messages_per_s", "messages/s [95 %]", Unit::per_s, true},
                          {"channels", "at", Unit::count},
                          {"cpu_ns_per_op", "CPU/op", Unit::ns},
                          {"between", "between"},
                          {"remarks", "remarks"},
                          {.key = "case", .title = "case", .audience = Audience::data}},
              .parts = {},
              .notes = {}};
  std::vector<std::pair<std::string, std::vector<const ChannelsQualified*>>> parts;
  for (const ChannelsQualified& row : recommendation.qualified) {
    const std::string active = active_of(row);
    auto part = std::ranges::find(parts, active, &decltype(parts)::value_type::first);
    if (part == parts.end()) part = parts.insert(part, {active, {}});
    part->second.push_back(&row);
  }
  for (const auto& [active, rows] : parts) table.parts.push_back(part_of(active, rows));
  if (parts.empty()) {
    table.parts.emplace_back();
    table.notes.emplace_back("nothing that was measured qualifies");
  }
  table.notes.emplace_back("messages/s: the smaller of those with the two numbers of channels next to the one needed");
  return with_excluded(std::move(table), recommendation.excluded, Criterion::latency);
}

}  // namespace ipcbench

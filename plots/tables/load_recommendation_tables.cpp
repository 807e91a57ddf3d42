#include "plots/tables/load_recommendation_tables.h"

#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plots/table/cells.h"
#include "plots/tables/figure_cells.h"
#include "plots/tables/guide_table.h"
#include "plots/tables/load_cells.h"
#include "results/figures/load_summary.h"
#include "results/model/limits.h"
#include "results/rows/ranking.h"

namespace ipcbench {
namespace {

std::string need_title(const LoadRecommendation& recommendation) {
  const LoadNeed& load = recommendation.load;
  const Need& need = recommendation.need;
  const std::string what = need.size == 0 ? "notifications" : human(Unit::bytes, static_cast<double>(need.size));
  std::string title = fmt::format("For {} of {} at {}, {}",
                                  need.pattern == NeedPattern::request_reply ? "answered messages" : "messages", what,
                                  human(Unit::per_s, load.rate_per_s), to_string(need.placement));
  if (load.p99_ns) title += fmt::format(", p99 below {}", human(Unit::ns, *load.p99_ns));
  if (load.cpu_ratio) title += fmt::format(", CPU time below {}", human(Unit::percent, *load.cpu_ratio));
  return need.may_spin ? title : title + ", without spinning";
}

std::string between_text(const LoadQualified& row) {
  if (row.below.rate_per_s == row.above.rate_per_s) return "measured";
  return fmt::format("{} and {}", human(Unit::per_s, row.below.rate_per_s), human(Unit::per_s, row.above.rate_per_s));
}

}  // namespace

std::vector<Table> load_recommendation_tables(const LoadRecommendation& recommendation) {
  Table table{.id = "recommendation",
              .title = need_title(recommendation),
              .columns = {{"rank", "#", Unit::count},
                          {"transport", "transport"},
                          {"wait", "wait"},
                          {"pacer", "pacer"},
                          {"response_p99_ns", "response p99 [95 %]", Unit::ns, true},
                          {"at_rate_per_s", "at", Unit::per_s},
                          {"cpu_ratio", "CPU", Unit::percent},
                          {"between", "between"},
                          {"remarks", "remarks"},
                          {.key = "case", .title = "case", .audience = Audience::data}},
              .parts = {TablePart{}},
              .notes = {}};
  const Figure none;
  std::vector<Contender> rows;
  for (const LoadQualified& row : recommendation.qualified) {
    const bool counts = !is_limited(*row.worse.measured) && row.worse.measured->summary.not_ranked.empty();
    rows.push_back({.figure = counts ? &row.p99() : &none, .measured = counts ? row.worse.measured : nullptr});
  }
  for (const Rank& place : rank(rows, Better::smaller)) {
    const LoadQualified& row = recommendation.qualified[place.index];
    const CaseRecord& c = *row.worse.measured;
    table.parts.front().rows.push_back(
        {rank_cell(place), cell(load_row_label(c)), cell(c.wait), cell(scenario_option(c, "pacer")), cell(row.p99()),
         cell(std::optional(row.worse.rate_per_s)), cell(row.cpu_ratio), cell(between_text(row)),
         cell(fmt::format("{}", fmt::join(row.remarks, ", "))), cell(c.id)});
  }
  if (recommendation.qualified.empty()) table.notes.emplace_back("nothing that was measured qualifies");
  table.notes.emplace_back(
      "response p99: the larger of the two rates next to the one needed; CPU: time of both sides as part of one CPU, "
      "by the larger time per message of the two");
  return with_excluded(std::move(table), recommendation.excluded, Criterion::latency);
}

}  // namespace ipcbench

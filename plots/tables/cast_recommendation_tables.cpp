#include "plots/tables/cast_recommendation_tables.h"

#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plots/table/cells.h"
#include "plots/tables/figure_cells.h"
#include "plots/tables/guide_table.h"
#include "results/compare/comparability.h"
#include "results/figures/load_summary.h"
#include "results/model/limits.h"
#include "results/rows/ranking.h"
#include "scenarios/list/cast.h"

namespace ipcbench {
namespace {

Column figure_column(const CastRecommendation& recommendation) {
  switch (recommendation.by) {
    case Criterion::latency:
      return {"rtt_ns", "RTT p50 [95 %]", Unit::ns, true};
    case Criterion::cpu:
      return {"cpu_ns_per_op", "CPU/op [95 %]", Unit::ns, true};
    case Criterion::throughput:
    case Criterion::memory:
      break;
  }
  if (recommendation.need.size == 0) return {"per_s", "notifications/s [95 %]", Unit::per_s, true};
  return {"per_s", "messages/s [95 %]", Unit::per_s, true};
}

std::string cast_need_title(const CastRecommendation& recommendation) {
  const Need& need = recommendation.need;
  const CastNeed& cast = recommendation.measured;
  const std::string what = need.size == 0 ? "notifications" : human(Unit::bytes, static_cast<double>(need.size));
  const std::string seats = need.pattern == NeedPattern::request_reply
                                ? fmt::format("{} clients of a server", cast.producers)
                                : fmt::format("{} to {}", cast.producers, cast.consumers);
  return fmt::format("For {} with {}{}, by {}, {}{}", seats, what, cast.to_all ? ", each message to all" : "",
                     criterion_names()[static_cast<std::size_t>(recommendation.by)], to_string(need.placement),
                     need.may_spin ? "" : ", without spinning");
}

}  // namespace

std::vector<Table> cast_recommendation_tables(const CastRecommendation& recommendation) {
  Table table{.id = "recommendation",
              .title = cast_need_title(recommendation),
              .columns = {{"rank", "#", Unit::count},
                          {"transport", "transport"},
                          {"wait", "wait"},
                          {"sharing", "sharing"},
                          figure_column(recommendation),
                          {"fairness", "fairness", Unit::number},
                          {"worst_seat_ratio", "worst seat", Unit::percent},
                          {"remarks", "remarks"},
                          {.key = "case", .title = "case", .audience = Audience::data}},
              .parts = {TablePart{}},
              .notes = recommendation.notes};
  const Figure none;
  std::vector<Contender> rows;
  for (const CastQualified& row : recommendation.qualified) {
    const bool counts = !is_limited(*row.measured);
    rows.push_back({.figure = counts ? row.compared : &none, .measured = counts ? row.measured : nullptr});
  }
  const bool by_rate = recommendation.by == Criterion::throughput;
  for (const Rank& place : rank(rows, by_rate ? Better::larger : Better::smaller)) {
    const CastQualified& row = recommendation.qualified[place.index];
    const CaseRecord& c = *row.measured;
    table.parts.front().rows.push_back({rank_cell(place), cell(c.transport), cell(c.wait),
                                        cell(scenario_option(c, kSharingOption)), cell(*row.figure),
                                        plain_cell(c.summary.fairness), plain_cell(c.summary.worst_seat_ratio),
                                        cell(fmt::format("{}", fmt::join(row.remarks, ", "))), cell(c.id)});
  }
  if (recommendation.qualified.empty()) table.notes.insert(table.notes.begin(), "nothing that was measured qualifies");
  return with_excluded(std::move(table), recommendation.excluded, Criterion::latency);
}

}  // namespace ipcbench

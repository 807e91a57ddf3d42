#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "plots/table/cells.h"
#include "plots/tables/figure_cells.h"
#include "plots/tables/guide_table.h"
#include "plots/tables/measurement_cells.h"
#include "plots/tables/reference_cells.h"
#include "plots/tables/table_form.h"
#include "results/figures/compared_figure.h"
#include "results/figures/pass_values.h"
#include "results/model/limits.h"
#include "results/rows/ranking.h"

namespace ipcbench {
namespace {

constexpr std::ptrdiff_t kFigureColumn = 3;  // in the table of what qualifies

struct Heading {
  const char* key;
  const char* title;
  Unit unit;
  Better better;
};

Heading heading_of(const Recommendation& recommendation) {
  switch (recommendation.by) {
    case Criterion::latency:
      return {"rtt_ns", "round trip [95 %]", Unit::ns, Better::smaller};
    case Criterion::throughput:
      if (recommendation.need.size == 0) return {"per_s", "notifications/s [95 %]", Unit::per_s, Better::larger};
      return {"bytes_per_s", "bytes/s [95 %]", Unit::bytes_per_s, Better::larger};
    case Criterion::cpu:
      return {"cpu_ns_per_op", "CPU/op [95 %]", Unit::ns, Better::smaller};
    case Criterion::memory:
      break;
  }
  return {"channel_bytes", "bytes per channel", Unit::bytes, Better::smaller};
}

std::string title_of(const Recommendation& recommendation) {
  const Need& need = recommendation.need;
  const std::string what = need.size == 0 ? "notifications" : human(Unit::bytes, static_cast<double>(need.size));
  return fmt::format("For {} of {}, by {}, {}{}", pattern_names()[static_cast<std::size_t>(need.pattern)], what,
                     criterion_names()[static_cast<std::size_t>(recommendation.by)], to_string(need.placement),
                     need.may_spin ? "" : ", without spinning");
}

// Returns the ranking figure. Memory has bounds instead of an interval over launches, or nothing if kernel objects
// aren't seen. A figure that a limit changed is placed by value alone.
Figure ranked_by(const Qualified& qualified, Figure figure, Criterion by) {
  if (qualified.limited) figure.ci95.reset();
  if (by != Criterion::memory || qualified.limited) return figure;
  figure.ci95 = qualified.memory.bounds;
  if (!qualified.memory.is_comparable()) figure.median.reset();
  return figure;
}

Cell figure_cell(const Recommendation& recommendation, const Qualified& qualified) {
  Cell result = cell(*qualified.figure);
  if (qualified.figure->median && qualified.memory.at_least != AtLeast::no) {
    result.shown = bounded_text(Unit::bytes, *qualified.figure->median, qualified.memory.at_least);
  }
  if (qualified.limited && qualified.figure->median) {
    const Unit unit = heading_of(recommendation).unit;
    if (result.shown.empty()) result.shown = human(unit, *qualified.figure->median);
    result.shown += fmt::format(" {}", kLimitMark);
  }
  return result;
}

Table qualified_table(const Recommendation& recommendation, const Reference* reference) {
  const Heading heading = heading_of(recommendation);
  Table table{"recommendation",
              title_of(recommendation),
              {{"rank", "#", Unit::count},
               {"transport", "transport"},
               {"wait", "wait"},
               {heading.key, heading.title, heading.unit, true},
               {"duty_producer", "duty P/C", Unit::number},
               {"remarks", "remarks"},
               {.key = "case", .title = "case", .audience = Audience::data}},
              {TablePart{}},
              recommendation.notes};
  if (recommendation.by == Criterion::memory) {
    table.columns.push_back({.key = "at_least", .title = "at_least", .audience = Audience::data});
  }
  ReferenceCells multiples(reference);
  if (reference != nullptr) {
    table.columns.push_back(ReferenceCells::paired_column());
    table.columns.insert(table.columns.begin() + kFigureColumn + 1, multiples.column());
  }
  Cases measured;
  for (const Qualified& qualified : recommendation.qualified) measured.push_back(qualified.measured);
  std::vector<Figure> bounded;  // by memory: the ranking figures
  for (const Qualified& qualified : recommendation.qualified) {
    bounded.push_back(ranked_by(qualified, *qualified.compared, recommendation.by));
  }
  std::vector<Contender> rows;
  for (std::size_t i = 0; i < bounded.size(); ++i) {
    const Qualified& qualified = recommendation.qualified[i];
    const bool has_launches = recommendation.by != Criterion::memory && !qualified.limited;
    rows.push_back(has_launches ? Contender{qualified.compared, qualified.measured} : Contender{&bounded[i], nullptr});
  }
  for (const Rank& place : rank(rows, heading.better)) {
    const Qualified& qualified = recommendation.qualified[place.index];
    const CaseSummary& summary = qualified.measured->summary;
    table.parts[0].rows.push_back({rank_cell(place), cell(qualified.measured->transport),
                                   cell(qualified.measured->wait), figure_cell(recommendation, qualified),
                                   duty_cell(summary), cell(fmt::format("{}", fmt::join(qualified.remarks, ", "))),
                                   cell(qualified.measured->id)});
    if (recommendation.by == Criterion::memory) {
      table.parts[0].rows.back().push_back(at_least_cell(qualified.memory));
    }
    if (reference != nullptr) {
      std::vector<Cell>& row = table.parts[0].rows.back();
      row.insert(row.begin() + kFigureColumn + 1,
                 multiples.cell_of(*qualified.measured, *info_of(*qualified.measured, *qualified.figure)));
      row.push_back(multiples.paired_cell());
    }
  }
  multiples.add_notes(table);
  if (recommendation.by == Criterion::latency && mix_p50_and_mean(measured)) add_note_on_means(table);
  if (recommendation.qualified.empty()) table.notes.insert(table.notes.begin(), "nothing that was measured qualifies");
  return table;
}

// Returns, for example, "; with 8 KiB: 94.5 MB/s".
std::string at_largest_text(const Excluded& excluded, Criterion by) {
  if (excluded.at_largest == nullptr || by != Criterion::throughput) return "";
  const std::optional<double>& median = excluded.at_largest->summary.bytes_per_s.median;
  if (!median) return "";
  return fmt::format("; with {}: {}", format_size(excluded.at_largest->size), human(Unit::bytes_per_s, *median));
}

Table excluded_table(const std::vector<Excluded>& all, Criterion by) {
  Table table{"excluded",
              "Excluded",
              {{.key = "transports", .title = "transports", .wrap = 44}, {.key = "reason", .title = "why", .wrap = 72}},
              {TablePart{}},
              {}};
  std::vector<std::pair<std::string, std::string>> by_reason;
  for (const Excluded& excluded : all) {
    const std::string reason = excluded.reason + at_largest_text(excluded, by);
    const auto found = std::ranges::find(by_reason, reason, &std::pair<std::string, std::string>::first);
    if (found == by_reason.end()) {
      by_reason.emplace_back(reason, excluded.transport);
    } else {
      found->second += ", " + excluded.transport;
    }
  }
  for (const auto& [reason, transports] : by_reason) table.parts[0].rows.push_back({cell(transports), cell(reason)});
  return table;
}

}  // namespace

std::vector<Table> with_excluded(Table qualified, const std::vector<Excluded>& excluded, Criterion by) {
  std::vector<Table> tables = {std::move(qualified)};
  if (!excluded.empty()) tables.push_back(excluded_table(excluded, by));
  return tables;
}

std::vector<Table> recommendation_tables(const Recommendation& recommendation, const Reference* reference) {
  return with_excluded(qualified_table(recommendation, reference), recommendation.excluded, recommendation.by);
}

}  // namespace ipcbench

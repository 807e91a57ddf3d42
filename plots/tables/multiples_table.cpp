#include "plots/tables/multiples_table.h"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "plots/table/cells.h"
#include "plots/tables/measurement_cells.h"
#include "plots/tables/reference_cells.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

// Returns the table's figures that come from launches, with their titles.
std::vector<std::pair<std::string_view, const char*>> figures_of(Form form) {
  switch (form) {
    case Form::round_trips:
      return {{"rtt_p50_ns", "RTT p50"}, {"rtt_p90_ns", "p90"},   {"rtt_p99_ns", "p99"},      {"rtt_p999_ns", "p99.9"},
              {"rtt_max_ns", "max"},     {"rtt_mean_ns", "mean"}, {"cpu_ns_per_op", "CPU/op"}};
    case Form::messages:
      return {{"bytes_per_s", "bytes/s"}, {"messages_per_s", "messages/s"}, {"cpu_ns_per_op", "CPU/op"}};
    case Form::notifications:
      return {{"notifications_per_s", "notifications/s"}, {"cpu_ns_per_op", "CPU/op"}};
    case Form::setup:
      return {{"setup_create_ns", "create"}, {"setup_connect_ns", "connect"}, {"setup_teardown_ns", "teardown"}};
  }
  return {};
}

}  // namespace

Table multiples_table(Form form, const Cases& cases, const Reference& reference) {
  const CaseRecord& any = *cases.front();
  Table table{.id = fmt::format("multiples/{}", id_of(form, any)),
              .title = fmt::format("{}, as multiples of {}", title_of(form, any), printable(reference.name())),
              .columns = {{"transport", "transport"},
                          {"wait", "wait"},
                          {"size_bytes", "size", Unit::bytes, false, Audience::data},
                          {"reference", "reference", Unit::text, false, Audience::data}},
              .parts = {},
              .notes = {}};
  ReferenceCells multiples(&reference);
  for (const auto& [key, title] : figures_of(form)) {
    table.columns.push_back({fmt::format("{}_times", key), title, Unit::times, true});
  }
  for (const auto& [key, part_cases] : parts_of(cases)) {
    TablePart part{title_of(key, part_cases), {}};
    for (const CaseRecord* c : part_cases) {
      const CaseRecord* row = multiples.row_for(*c);
      std::vector<Cell> cells = {transport_cell(*c), cell(c->wait), cell(c->size), cell(row == nullptr ? "" : row->id)};
      for (const auto& [figure, title] : figures_of(form)) cells.push_back(multiples.cell_of(*c, find_figure(figure)));
      part.rows.push_back(std::move(cells));
    }
    table.parts.push_back(std::move(part));
  }
  multiples.add_notes(table);
  return table;
}

}  // namespace ipcbench

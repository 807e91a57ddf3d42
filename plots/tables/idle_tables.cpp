#include "plots/tables/idle_tables.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "plots/table/cells.h"
#include "plots/tables/load_cells.h"
#include "plots/tables/row_notes.h"
#include "results/figures/by_placement.h"
#include "results/figures/idle_rows.h"
#include "results/figures/load_summary.h"
#include "results/model/limits.h"
#include "results/model/utf8.h"
#include "scenarios/list/open_loop.h"

namespace ipcbench {
namespace {

using Silences = std::map<double, std::string>;  // ns, and as case ids have it: "100us"

// Names a kind of time, its median and its maximum.
struct IdleTime {
  std::string_view title;
  Figure CaseFigures::*median;
  Figure CaseFigures::*pooled;  // where a launch has too few messages
  std::optional<double> LoadRecord::*longest;
};

constexpr std::array kIdleTimes = {
    IdleTime{"service: from the begin of a message's send to its answer", &CaseFigures::service_p50,
             &CaseFigures::service_p50_pooled, &LoadRecord::service_max_ns},
    IdleTime{"lateness: of the timer that ends the silence, before that", &CaseFigures::lateness_p50,
             &CaseFigures::lateness_p50_pooled, &LoadRecord::lateness_max_ns},
};

Silences silences_of(const std::vector<IdleRow>& rows) {
  Silences silences;
  for (const IdleRow& row : rows) {
    for (const IdlePoint& point : row.points)
      silences.emplace(point.silence_ns, printable(scenario_option(*point.measured, kSilenceOption)));
  }
  return silences;
}

const CaseRecord* case_at(const IdleRow& row, double silence_ns) {
  const auto found = std::ranges::find(row.points, silence_ns, &IdlePoint::silence_ns);
  return found == row.points.end() ? nullptr : found->measured;
}

// Shows the pooled median where the launches have none. Its value has a column of its own in data formats.
Cell median_cell(const CaseSummary& summary, const IdleTime& time) {
  Cell result = cell(summary.*time.median);
  const Figure& pooled = summary.*time.pooled;
  if (!(summary.*time.median).median && pooled.median)
    result.shown = fmt::format("{} pooled", human(Unit::ns, *pooled.median));
  return result;
}

class IdleTable {
 public:
  // Keeps a reference to `rows`.
  IdleTable(const PlacementName& placement, const std::vector<IdleRow>& rows)
      : rows_(rows), silences_(silences_of(rows)) {
    table_.id = fmt::format("idle/{}", to_string(placement));
    table_.title = fmt::format("Idle: what a round trip costs after silence, {}", to_string(placement));
  }

  Table build() {
    table_.columns = {{"transport", "transport"}, {"wait", "wait"}, {"size_bytes", "size", Unit::bytes}};
    for (const auto& [ns, name] : silences_) {
      table_.columns.push_back({fmt::format("p50_after_{}_ns", name), fmt::format("{} [95 %]", name), Unit::ns, true});
      table_.columns.push_back(
          {fmt::format("p50_pooled_after_{}_ns", name), "pooled", Unit::ns, false, Audience::data});
      table_.columns.push_back({fmt::format("max_after_{}_ns", name), "max", Unit::ns});
    }
    table_.columns.push_back({"n", "n", Unit::count});
    table_.columns.push_back({"notes", "notes"});
    for (const IdleTime& time : kIdleTimes) {
      TablePart part{std::string(time.title), {}};
      for (const IdleRow& row : rows_) part.rows.push_back(row_of(row, time));
      table_.parts.push_back(std::move(part));
    }
    add_notes();
    return std::move(table_);
  }

 private:
  std::vector<Cell> row_of(const IdleRow& row, const IdleTime& time) {
    const CaseRecord& any = row.any();
    std::string label = transport_label(any);
    if (std::ranges::any_of(row.points, [](const IdlePoint& point) { return is_limited(*point.measured); }))
      label += fmt::format(" {}", kLimitMark);
    std::vector<Cell> cells = {cell(std::move(label)), cell(any.wait), cell(any.size)};
    std::size_t launches = 0;
    CaseRecord all_notes;
    for (const auto& [ns, name] : silences_) {
      const CaseRecord* c = case_at(row, ns);
      if (c == nullptr) {
        cells.insert(cells.end(), 3, Cell{});
        continue;
      }
      cells.push_back(median_cell(c->summary, time));
      cells.push_back(plain_cell(c->summary.*time.pooled));
      cells.push_back(cell(longest(*c, time.longest)));
      launches = std::max(launches, c->summary.achieved_per_s.n);
      for (const std::string& note : c->summary.notes) {
        if (std::ranges::find(all_notes.summary.notes, note) == all_notes.summary.notes.end())
          all_notes.summary.notes.push_back(note);
      }
    }
    cells.push_back(cell(launches));
    cells.push_back(row_notes_.cell_of(all_notes));
    return cells;
  }

  void add_notes() {
    row_notes_.add_to(table_);
    add_note(table_, "100us, 1ms …: a message is sent that long after the answer to the one before",
             "100us、1ms……：收到上一条的应答后经过该时长再发送");
    add_note(table_, "[95 %]: median and interval over launches; max: the longest of all launches' round trips",
             "[95 %]：各次启动中位数及其区间；最大：所有启动中最长的一次往返");
    add_note(table_,
             "pooled: the median of all launches' round trips together, where a launch has too few; no interval",
             "pooled：单次启动的往返太少时，取所有启动合并后的中位数，没有区间");
    add_note(table_, "CPU/op: not shown, since most of it is the timer's after a silence",
             "CPU/次：静默之后其大部分属于定时器，不列出");
  }

  const std::vector<IdleRow>& rows_;
  Silences silences_;
  Table table_;
  RowNotes row_notes_;
};

Table conditions_table(const Result& result) {
  Table table{"idle-conditions",
              "Idle CPUs: what they do",
              {{"item", ""}, {"value", ""}, {"text", ""}},
              {TablePart{}},
              {"the sender's timer has no slack, whatever the process was born with"}};
  table.bilingual.push_back({table.notes.front(), "发送方的定时器不受 timer slack 影响，无论进程继承的值为何"});
  for (const HostCheck& check : result.machine.idle)
    table.parts[0].rows.push_back({cell(check.id), cell(check.value), cell(check.text)});
  if (table.parts[0].rows.empty())
    table.parts[0].rows.push_back({cell(std::string("unknown")), {}, cell(std::string("an older version's file"))});
  return table;
}

}  // namespace

std::vector<Table> idle_tables(const Result& result) {
  std::vector<Table> tables;
  for (const auto& [placement, rows] : by_placement(idle_rows(result)))
    tables.push_back(IdleTable(placement, rows).build());
  if (!tables.empty()) tables.push_back(conditions_table(result));
  return tables;
}

}  // namespace ipcbench

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "plots/table/cells.h"
#include "plots/table/limit_notes.h"
#include "plots/tables/cast_tables.h"
#include "plots/tables/figure_cells.h"
#include "plots/tables/idle_tables.h"
#include "plots/tables/load_curve_tables.h"
#include "plots/tables/load_tables.h"
#include "plots/tables/lock_tables.h"
#include "plots/tables/measurement_cells.h"
#include "plots/tables/multiples_table.h"
#include "plots/tables/rate_answer_tables.h"
#include "plots/tables/reference_cells.h"
#include "plots/tables/result_tables.h"
#include "plots/tables/row_notes.h"
#include "plots/tables/table_form.h"
#include "results/figures/compared_figure.h"
#include "results/figures/states.h"
#include "results/model/limits.h"
#include "results/rows/ranking.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

class MeasurementTable {
 public:
  MeasurementTable(const Result& result, Form form, Cases cases, const Reference* reference)
      : result_(result), form_(form), cases_(std::move(cases)), reference_(reference) {}

  Table build() {
    const CaseRecord& any = *cases_.front();
    table_.id = id_of(form_, any);
    table_.title = title_of(form_, any);
    add_columns();
    for (const auto& [key, cases] : parts_of(cases_)) add_part(key, cases);
    add_notes(any);
    reference_.add_notes(table_);
    return std::move(table_);
  }

 private:
  void add_columns() {
    const Audience data = Audience::data;
    table_.columns = {{"rank", "#", Unit::count},
                      {"transport", "transport"},
                      {"wait", "wait"},
                      {"size_bytes", "size", Unit::bytes, false, data}};
    auto& columns = table_.columns;
    std::vector<Column> beside;  // of the headline
    if (!reference_.empty()) beside = {reference_.column(), ReferenceCells::paired_column()};
    if (form_ == Form::round_trips) {
      columns.insert(columns.end(),
                     {{"rtt_p50_ns", "RTT p50 [95 %]", Unit::ns, true}, {"times_floor", "× floor", Unit::times}});
      columns.insert(columns.end(), beside.begin(), beside.end());
      columns.insert(columns.end(), {{"rtt_p90_ns", "p90", Unit::ns},
                                     {"rtt_p99_ns", "p99", Unit::ns},
                                     {"rtt_p999_ns", "p99.9", Unit::ns},
                                     {"rtt_max_ns", "max", Unit::ns},
                                     {"rtt_mean_ns", "mean", Unit::ns},
                                     {"channel_bytes", "channel", Unit::bytes},
                                     {"channel_at_least", "channel at least", Unit::number, false, data}});
    } else if (form_ == Form::messages) {
      columns.insert(columns.end(), {{"bytes_per_s", "bytes/s [95 %]", Unit::bytes_per_s, true},
                                     {"times_floor", "× floor", Unit::times}});
      columns.insert(columns.end(), beside.begin(), beside.end());
      columns.insert(columns.end(),
                     {{"messages_per_s", "messages/s", Unit::per_s}, {"loss_ratio", "loss", Unit::percent}});
    } else if (form_ == Form::setup) {
      columns.insert(columns.end(), {{"create_ns", "create [95 %]", Unit::ns, true},
                                     {"connect_ns", "connect [95 %]", Unit::ns, true}});
      columns.insert(columns.end(), beside.begin(), beside.end());
      columns.insert(columns.end(),
                     {{"teardown_ns", "teardown [95 %]", Unit::ns, true}, {"n", "n", Unit::count}, {"notes", "notes"}});
      return;
    } else {
      columns.insert(columns.end(), {{"notifications_per_s", "notifications/s [95 %]", Unit::per_s, true}});
      columns.insert(columns.end(), beside.begin(), beside.end());
      columns.push_back({"merged_ratio", "merged", Unit::percent});
    }
    columns.insert(columns.end(), {{"cpu_ns_per_op", "CPU/op", Unit::ns},
                                   {"syscalls_done_per_op", "calls/op", Unit::number},
                                   {"syscalls_retried_per_op", "retried/op", Unit::number},
                                   {"context_switches_per_op", "switches/op", Unit::number},
                                   {"duty_producer", "duty P/C", Unit::number},
                                   {"duty_consumer", "duty C", Unit::number, false, data},
                                   {"class", "class"},
                                   {"n", "n", Unit::count},
                                   {"notes", "notes"}});
  }

  void add_part(const PartKey& key, const Cases& cases) {
    const CaseRecord& any = *cases.front();
    const FigureInfo& by = compared_by(*info_of(any, headline_of(form_, any.summary)), cases);
    std::vector<Contender> rows;
    for (const CaseRecord* c : cases) rows.push_back({.figure = &(c->summary.*by.figure), .measured = c});
    mixes_means_ = mixes_means_ || (form_ == Form::round_trips && mix_p50_and_mean(cases));
    TablePart part{title_of(key, cases), {}};
    const bool smaller_is_better = form_ == Form::round_trips || form_ == Form::setup;
    for (const Rank& place : rank(rows, smaller_is_better ? Better::smaller : Better::larger)) {
      Cell shown_rank = key.section == Section::ranked ? rank_cell(place) : Cell{};
      part.rows.push_back(row_of(*cases[place.index], std::move(shown_rank)));
    }
    table_.parts.push_back(std::move(part));
  }

  std::vector<Cell> row_of(const CaseRecord& c, Cell shown_rank) {
    const CaseSummary& s = c.summary;
    varies_ = varies_ || (s.syscalls_vary && counts_calls(s));
    counts_calls_ = counts_calls_ || counts_calls(s);
    lumps_retried_ = lumps_retried_ || (counts_calls(s) && !tells_retried_apart(s));
    leaves_out_broker_ = leaves_out_broker_ || (counts_calls(s) && has_broker(c));
    if (is_limited(c) || has_limited_memory(c)) {
      has_limited_ = true;
      for (const CaseLimit& limit : s.limits_met)
        table_.bilingual.push_back(bilingual_text(limit, headline_of(form_, s).n));
      table_.bilingual.push_back(memory_limits_of(c));
    }
    std::vector<Cell> row = {std::move(shown_rank), transport_cell(c), cell(c.wait), cell(c.size)};
    if (form_ == Form::setup) {
      row.insert(row.end(), {cell(s.setup_create), cell(s.setup_connect)});
      add_reference(row, c);
      row.insert(row.end(), {cell(s.setup_teardown), cell(headline_of(form_, s).n), row_notes_.cell_of(c)});
      return row;
    }
    const MemoryFigure memory = memory_figure(result_, c);
    measures_memory_ = measures_memory_ || memory.figure->median;
    misses_memory_ = misses_memory_ || memory.at_least == AtLeast::kernel_objects;
    const Cell floor = cell(times_floor(result_, c, form_));
    if (form_ == Form::round_trips) {
      row.insert(row.end(), {p50_cell(s), floor});
      add_reference(row, c);
      row.insert(row.end(), {plain_cell(s.rtt_p90), plain_cell(s.rtt_p99), plain_cell(s.rtt_p999), worst_cell(s),
                             plain_cell(s.rtt_mean), channel_cell(c, memory), at_least_cell(memory)});
    } else if (form_ == Form::messages) {
      row.insert(row.end(), {cell(s.bytes_per_s), floor});
      add_reference(row, c);
      row.insert(row.end(), {plain_cell(s.messages_per_s), plain_cell(s.loss_ratio)});
    } else {
      row.push_back(cell(s.notifications_per_s));
      add_reference(row, c);
      row.push_back(plain_cell(s.merged_ratio));
    }
    row.insert(row.end(),
               {plain_cell(s.cpu_ns_per_op), calls_cell(c), retried_cell(s), switches_cell(s), duty_cell(s),
                plain_cell(s.duty_consumer), class_cell(s), cell(headline_of(form_, s).n), row_notes_.cell_of(c)});
    return row;
  }

  // Adds the headline as a multiple of the reference's.
  void add_reference(std::vector<Cell>& row, const CaseRecord& c) {
    if (reference_.empty()) return;
    row.push_back(reference_.cell_of(c, *info_of(c, headline_of(form_, c.summary))));
    row.push_back(reference_.paired_cell());
  }

  void add_notes(const CaseRecord& any) {
    row_notes_.add_to(table_);
    if (has_limited_) table_.notes.emplace_back(kLimitMarkNote);
    if (mixes_means_) add_note_on_means(table_);
    if (form_ == Form::round_trips) {
      table_.notes.push_back(
          "× floor: times the futex wake round trip (block, poll, io-uring) or the cache-line round trip (spin, "
          "hybrid) of these CPUs");
      if (measures_memory_) {
        table_.notes.push_back(
            "channel: memory that one takes when it is full (idle if it carries nothing), both directions");
      }
      if (misses_memory_) {
        table_.notes.push_back(
            "channel: ≥ where kernel objects hold a part that was not seen, or it was filled to the cap");
      }
    } else if (form_ == Form::setup) {
      table_.notes.push_back(
          "ranked by connect: from the first side's begin of opening to the second's end; create comes before the two "
          "sides exist; teardown: both close, and what has a name is removed");
      return;
    } else if (form_ == Form::messages) {
      table_.notes.push_back(
          "× floor: times slower than one memcpy of the same size, or than touching each line where memory is lent");
    }
    if (counts_calls_) {
      table_.notes.emplace_back(
          "calls/op: system calls of both sides that succeeded; retried/op: those that came back with an error and "
          "were made again");
    }
    if (lumps_retried_) {
      table_.notes.emplace_back(
          "retried/op: 'in calls/op' where seccomp counted, which sees that a call is made and not what it returns");
    }
    if (leaves_out_broker_) {
      table_.notes.emplace_back(
          "calls/op: '+ broker' where the calls of a third process come on top, which are not counted");
    }
    if (varies_) table_.notes.push_back("calls/op, retried/op: ~ where another timing makes other system calls");
    if (const StateRecord* states = states_at(result_.states, any.placement); states != nullptr) {
      table_.notes.push_back(states->used.empty() ? "no canary state held for a whole launch"
                                                  : fmt::format("launches in canary state {} only", states->used));
    }
  }

  const Result& result_;
  Form form_;
  Cases cases_;
  ReferenceCells reference_;
  Table table_;
  RowNotes row_notes_;
  bool mixes_means_ = false;        // any part's rows show p50s beside means
  bool varies_ = false;             // any row's system calls vary with timing
  bool counts_calls_ = false;       // any row has system calls
  bool lumps_retried_ = false;      // any row counts retried calls with the rest
  bool leaves_out_broker_ = false;  // any row leaves out a broker's calls
  bool measures_memory_ = false;    // any row has memory
  bool misses_memory_ = false;      // any row's memory misses kernel objects
  bool has_limited_ = false;        // any row, or its channel, was changed by a limit
};

}  // namespace

std::string label_of(const CaseRecord& c) {
  std::string label = c.transport;
  for (const auto& [name, value] : c.options) label += fmt::format(" {}={}", name, value);
  return label;
}

std::vector<Table> measurement_tables(const Result& result, const Reference* reference) {
  // Placements are in the order of the run; in each, round trips come first.
  std::vector<PlacementName> placements;
  std::map<std::tuple<std::size_t, Form, Scenario>, Cases> groups;
  for (const CaseRecord& c : result.cases) {
    const ScenarioInfo* scenario = find_scenario(to_string(c.scenario));
    if (c.status != Status::ok || scenario == nullptr) continue;
    if (scenario->traffic == Traffic::scheduled || is_of_casts(scenario->traffic)) continue;  // they have their own
    const Form form = form_of(c, scenario->traffic);
    auto found = std::find(placements.begin(), placements.end(), c.placement);
    if (found == placements.end()) found = placements.insert(found, c.placement);
    groups[{static_cast<std::size_t>(found - placements.begin()), form, scenario->scenario}].push_back(&c);
  }
  std::vector<Table> tables, multiples;
  for (auto& [key, cases] : groups) {
    const auto has_row = [&](const CaseRecord* c) { return reference != nullptr && reference->row_for(*c) != nullptr; };
    if (std::ranges::any_of(cases, has_row))
      multiples.push_back(multiples_table(std::get<Form>(key), cases, *reference));
    tables.push_back(MeasurementTable(result, std::get<Form>(key), std::move(cases), reference).build());
  }
  for (Table& table : multiples) tables.push_back(std::move(table));
  for (Table& table : cast_tables(result)) tables.push_back(std::move(table));
  for (Table& table : lock_tables(result)) tables.push_back(std::move(table));
  for (Table& table : rate_answer_tables(result)) tables.push_back(std::move(table));
  for (Table& table : load_curve_tables(result)) tables.push_back(std::move(table));
  for (Table& table : load_tables(result)) tables.push_back(std::move(table));
  for (Table& table : idle_tables(result)) tables.push_back(std::move(table));
  return tables;
}

}  // namespace ipcbench

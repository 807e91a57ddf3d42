#include "plots/tables/load_tables.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "plots/table/cells.h"
#include "plots/tables/figure_cells.h"
#include "plots/tables/load_cells.h"
#include "plots/tables/row_notes.h"
#include "results/compare/comparability.h"
#include "results/figures/cast_lines.h"
#include "results/figures/load_summary.h"
#include "results/figures/summary.h"
#include "results/model/limits.h"
#include "results/model/utf8.h"
#include "results/rows/ranking.h"
#include "scenarios/list/cast.h"
#include "scenarios/list/open_loop.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

using LoadCases = std::vector<const CaseRecord*>;

// What the rows of a part have in common: rule 7.
struct LoadPartKey {
  std::size_t producers, consumers;  // of a cast, which has parts of its own
  std::uint64_t size;
  bool is_saturation;
  bool is_rate;      // not a share of the saturation
  double number;     // messages a second or percent; 0 if a file holds no number
  std::string load;  // "20000/s, constant, one-way, pacer sleep"
  bool is_ranked;    // it blocks, touches its payload and met no limit
  friend auto operator<=>(const LoadPartKey&, const LoadPartKey&) = default;
};

std::string load_of(const CaseRecord& c) {
  const auto option = [&](std::string_view name) { return printable(scenario_option(c, name)); };
  if (measures_saturation(c)) {
    const std::string seats = seats_text(c);
    return fmt::format("saturation, {}{}{}", seats, seats.empty() ? "" : ", ", option(kFormOption));
  }
  const std::string load = option(kLoadOption), rate = option(kRateOption);
  return fmt::format("{}, {}", load == "none" ? rate + "/s" : load + " % of the saturation", load_kind(c));
}

double number_in(const std::string& text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

LoadPartKey load_part_of(const CaseRecord& c) {
  const std::string load = scenario_option(c, kLoadOption);
  const bool is_rate = load == "none";
  const std::size_t producers = c.summary.has_cast ? seats_of(c, kProducersOption) : 0;
  const std::size_t consumers = c.summary.has_cast ? seats_of(c, kConsumersOption) : 0;
  return {.producers = producers,
          .consumers = consumers,
          .size = c.size,
          .is_saturation = measures_saturation(c),
          .is_rate = is_rate,
          .number = number_in(is_rate ? scenario_option(c, kRateOption) : load),
          .load = load_of(c),
          .is_ranked = may_be_ranked(c) && !is_limited(c) && c.wait == WaitStrategy::block};
}

std::string load_part_title(const LoadPartKey& key) {
  const std::string size = key.size == 0 ? "carries nothing" : human(Unit::bytes, static_cast<double>(key.size));
  return fmt::format("{}, {}, {}", size, key.load, key.is_ranked ? "block" : "other rows, not ranked");
}

class LoadTable {
 public:
  explicit LoadTable(LoadCases cases) : cases_(std::move(cases)) {}

  Table build() {
    const CaseRecord& any = *cases_.front();
    table_.id = fmt::format("{}/{}", to_string(any.scenario), to_string(any.placement));
    table_.title = fmt::format("{}, {}", find_scenario(to_string(any.scenario))->title, to_string(any.placement));
    table_.columns = {{"rank", "#", Unit::count},
                      {"transport", "transport"},
                      {"wait", "wait"},
                      {"size_bytes", "size", Unit::bytes, false, Audience::data},
                      {"case", "case", Unit::text, false, Audience::data},
                      {"saturation_per_s", "saturation [95 %]", Unit::per_s, true},
                      {"offered_per_s", "offered", Unit::per_s},
                      {"achieved_per_s", "achieved", Unit::per_s}};
    with_seats_ = have_seats(cases_);
    add_load_columns(table_, with_seats_);
    std::map<LoadPartKey, LoadCases> parts;
    for (const CaseRecord* c : cases_) parts[load_part_of(*c)].push_back(c);
    for (const auto& [key, cases] : parts) add_part(key, cases);
    add_notes();
    return std::move(table_);
  }

 private:
  // Ranks the rows that may be; the others follow.
  void add_part(const LoadPartKey& key, const LoadCases& cases) {
    std::vector<Contender> rows;
    for (const CaseRecord* c : cases) {
      const bool counts = key.is_ranked && c->summary.not_ranked.empty();
      rows.push_back({.figure = counts ? &headline_load(*c) : &kNone, .measured = counts ? c : nullptr});
    }
    TablePart part{load_part_title(key), {}};
    for (const Rank& place : rank(rows, key.is_saturation ? Better::larger : Better::smaller)) {
      part.rows.push_back(row_of(*cases[place.index], rank_cell(place)));
    }
    table_.parts.push_back(std::move(part));
  }

  std::vector<Cell> row_of(const CaseRecord& c, Cell shown_rank) {
    const CaseSummary& s = c.summary;
    std::vector<Cell> row = {std::move(shown_rank),
                             cell(load_row_label(c)),
                             cell(c.wait),
                             cell(c.size),
                             cell(c.id),
                             cell(s.saturation_per_s),
                             plain_cell(s.offered_per_s),
                             plain_cell(measures_saturation(c) ? kNone : s.achieved_per_s)};
    add_load_cells(row, c, row_notes_, with_seats_);
    return row;
  }

  void add_notes() {
    row_notes_.add_to(table_);
    explain_load_columns(table_);
    add_note(table_,
             "ranked by response; by service where a timer drives the sender, whose lateness is part of the response",
             "按响应排名；由定时器驱动发送时按服务排名，定时器的迟到计入响应");
  }

  inline static const Figure kNone{};

  LoadCases cases_;
  Table table_;
  RowNotes row_notes_;
  bool with_seats_ = false;
};

}  // namespace

std::vector<Table> load_tables(const Result& result) {
  std::vector<PlacementName> placements;
  std::map<std::tuple<std::size_t, Scenario>, LoadCases> groups;
  for (const CaseRecord& c : result.cases) {
    if (c.status != Status::ok || traffic_of(c.scenario) != Traffic::scheduled || follows_silences(c)) continue;
    auto found = std::ranges::find(placements, c.placement);
    if (found == placements.end()) found = placements.insert(found, c.placement);
    groups[{static_cast<std::size_t>(found - placements.begin()), *c.scenario.value()}].push_back(&c);
  }
  std::vector<Table> tables;
  for (auto& [key, cases] : groups) tables.push_back(LoadTable(std::move(cases)).build());
  return tables;
}

}  // namespace ipcbench

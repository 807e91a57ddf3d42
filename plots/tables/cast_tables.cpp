#include "plots/tables/cast_tables.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "plots/table/cells.h"
#include "plots/tables/figure_cells.h"
#include "plots/tables/load_cells.h"
#include "plots/tables/mux_tables.h"
#include "plots/tables/row_notes.h"
#include "results/compare/comparability.h"
#include "results/figures/cast_lines.h"
#include "results/figures/load_summary.h"
#include "results/figures/summary.h"
#include "results/model/limits.h"
#include "results/model/utf8.h"
#include "results/rows/ranking.h"
#include "scenarios/list/cast.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

using CastCases = std::vector<const CaseRecord*>;

constexpr std::array kCastOptions = {kProducersOption, kConsumersOption, kDeliverOption,
                                     kServiceOption,   kServiceByOption, kSharingOption,
                                     kChannelsOption,  kActiveOption,    kMuxOption};

std::string option_of(const CaseRecord& c, std::string_view name) {
  const std::string value = scenario_option(c, name);
  return value.empty() ? "1" : printable(value);  // a role without an option has one seat
}

// What the rows of a part have in common: rules 7 and 30. Only how they share, or wait for many channels, may differ.
struct CastPartKey {
  std::size_t channels, active;  // between one and one; 0 and 0: there are none of their own
  std::size_t producers, consumers;
  double service_ns;  // parts of a server come in the order of its work
  std::string work;   // "to all", "service 100us busy"; "" for none
  bool is_ranked;     // it blocks, touches its payload and met no limit
  std::uint64_t size;
  friend auto operator<=>(const CastPartKey&, const CastPartKey&) = default;
};

std::string work_of(const CaseRecord& c) {
  if (scenario_option(c, kDeliverOption) == "all") return "each message to all";
  const std::string service = scenario_option(c, kServiceOption);
  if (service.empty() || service == "0") return "";
  return fmt::format("service {} {}", printable(service), option_of(c, kServiceByOption));
}

CastPartKey cast_part_of(const CaseRecord& c) {
  const std::size_t channels = channels_of(c, kChannelsOption), active = channels_of(c, kActiveOption);
  return {.channels = channels,
          .active = active == 0 ? channels : active,
          .producers = seats_of(c, kProducersOption),
          .consumers = seats_of(c, kConsumersOption),
          .service_ns = service_ns(c).value_or(0),
          .work = work_of(c),
          .is_ranked = may_be_ranked(c) && !is_limited(c) && c.wait == WaitStrategy::block,
          .size = c.size};
}

std::string cast_part_title(const CastPartKey& key) {
  const std::string size = key.size == 0 ? "carries nothing" : human(Unit::bytes, static_cast<double>(key.size));
  const std::string who = key.channels == 0 ? fmt::format("{} to {}", key.producers, key.consumers)
                                            : fmt::format("{} {}, {} active", key.channels,
                                                          key.channels == 1 ? "channel" : "channels", key.active);
  return fmt::format("{}, {}{}{}, {}", who, size, key.work.empty() ? "" : ", ", key.work,
                     key.is_ranked ? "block" : "other rows, not ranked");
}

// Returns the transport with its own options, without those of the cast.
std::string cast_row_label(const CaseRecord& c) {
  std::string label = c.transport;
  for (const auto& [name, value] : c.options) {
    if (std::ranges::count(kCastOptions, name) == 0) label += fmt::format(" {}={}", printable(name), printable(value));
  }
  return label;
}

class CastTable {
 public:
  explicit CastTable(CastCases cases) : cases_(std::move(cases)) {}

  Table build() {
    const CaseRecord& any = *cases_.front();
    const ScenarioInfo& scenario = *find_scenario(to_string(any.scenario));
    is_served_ = scenario.traffic == Traffic::served;
    has_mux_ = !scenario_option(any, kMuxOption).empty();
    table_.id = fmt::format("{}/{}", scenario.name, to_string(any.placement));
    table_.title = fmt::format("{}, {}", scenario.title, to_string(any.placement));
    const char* const of_time = is_served_ ? "RTT" : "send";
    table_.columns = {{"rank", "#", Unit::count},
                      {"transport", "transport"},
                      {"wait", "wait"},
                      {"size_bytes", "size", Unit::bytes, false, Audience::data},
                      {"case", "case", Unit::text, false, Audience::data},
                      has_mux_ ? Column{"mux", "mux"} : Column{"sharing", "sharing"},
                      {"cpus", "CPUs", Unit::count},
                      {"messages_per_s", is_served_ ? "answers/s [95 %]" : "messages/s [95 %]", Unit::per_s, true},
                      {"fairness", "fairness", Unit::number},
                      {"worst_seat_ratio", "worst seat", Unit::percent},
                      {"seat_p50_ns", fmt::format("{} p50", of_time), Unit::ns},
                      {"worst_seat_p99_ns", "worst p99", Unit::ns},
                      {"worst_seat_max_ns", "max", Unit::ns},
                      {"loss_ratio", "loss", Unit::percent},
                      {"cpu_ns_per_op", "CPU/op", Unit::ns},
                      {"context_switches_per_op", "switches/op", Unit::number},
                      {"n", "n", Unit::count},
                      {"notes", "notes"}};
    std::map<CastPartKey, CastCases> parts;
    for (const CaseRecord* c : cases_) parts[cast_part_of(*c)].push_back(c);
    for (const auto& [key, cases] : parts) add_part(key, cases);
    add_notes();
    return std::move(table_);
  }

 private:
  static const Figure& rate_of(const CaseRecord& c) {
    return carries_payload(c) ? c.summary.messages_per_s : c.summary.notifications_per_s;
  }

  void add_part(const CastPartKey& key, const CastCases& cases) {
    std::vector<Contender> rows;
    for (const CaseRecord* c : cases) {
      rows.push_back({.figure = key.is_ranked ? &rate_of(*c) : &kNone, .measured = key.is_ranked ? c : nullptr});
    }
    TablePart part{cast_part_title(key), {}};
    for (const Rank& place : rank(rows, Better::larger))
      part.rows.push_back(row_of(*cases[place.index], rank_cell(place)));
    table_.parts.push_back(std::move(part));
  }

  std::vector<Cell> row_of(const CaseRecord& c, Cell shown_rank) {
    const CaseSummary& s = c.summary;
    const std::vector<int> of_seats = c.seat_cpus.value_or(std::vector<int>{});
    const std::set<int> cpus(of_seats.begin(), of_seats.end());
    const Figure switches = sum_of(s.voluntary_per_op, s.involuntary_per_op);
    return {std::move(shown_rank),
            cell(cast_row_label(c)),
            cell(c.wait),
            cell(c.size),
            cell(c.id),
            cell(option_of(c, has_mux_ ? kMuxOption : kSharingOption)),
            cpus.contains(-1) ? Cell{} : cell(cpus.size()),
            cell(rate_of(c)),
            plain_cell(s.fairness),
            plain_cell(s.worst_seat_ratio),
            plain_cell(s.seat_p50),
            plain_cell(s.worst_seat_p99),
            plain_cell(s.worst_seat_max),
            plain_cell(s.loss_ratio),
            plain_cell(s.cpu_ns_per_op),
            plain_cell(switches),
            cell(rate_of(c).n),
            row_notes_.cell_of(c)};
  }

  static Figure sum_of(const Figure& a, const Figure& b) {
    return a.median && b.median ? Figure{.median = *a.median + *b.median, .n = a.n} : Figure{};
  }

  void add_notes() {
    row_notes_.add_to(table_);
    add_note(table_,
             is_served_ ? "answers/s: of all clients together, from the first request to the last answer"
                        : "messages/s: of all producers together, from the first send to the last verified message",
             is_served_ ? "每秒应答数：所有客户端合计，从第一个请求到最后一个应答"
                        : "每秒消息数：所有生产者合计，从第一次发送到最后一条经校验的消息");
    if (has_mux_) {
      add_note(table_, "send: how long the producer's send takes, waiting for room included",
               "发送：生产者一次发送所需时间，含等待空间");
      return;
    }
    add_note(table_,
             "fairness: Jain's index of what came of each producer while all had something to send, 1 if all had the "
             "same; worst seat: the least of these by their mean",
             "公平性：所有生产者都有消息可发期间各自送达数量的Jain指数，全部相同为1；最差席位：其中最少者与平均值之比");
    add_note(table_,
             is_served_
                 ? "RTT: of a request until its answer; worst p99 and max are those of the client with the largest"
                 : "send: how long a producer's send takes, waiting for room included; worst p99 and max are "
                   "those of the producer with the largest",
             is_served_ ? "往返：从请求到应答；最差p99与最大值取自数值最大的客户端"
                        : "发送：生产者一次发送所需时间，含等待空间；最差p99与最大值取自数值最大的生产者");
  }

  inline static const Figure kNone{};

  CastCases cases_;
  Table table_;
  RowNotes row_notes_;
  bool is_served_ = false;
  bool has_mux_ = false;
};

}  // namespace

std::vector<Table> cast_tables(const Result& result) {
  std::vector<PlacementName> placements;
  std::map<std::tuple<std::size_t, Scenario>, CastCases> groups;
  for (const CaseRecord& c : result.cases) {
    if (c.status != Status::ok || !is_of_casts(traffic_of(c.scenario)) || c.summary.takes_turns) continue;
    auto found = std::ranges::find(placements, c.placement);
    if (found == placements.end()) found = placements.insert(found, c.placement);
    groups[{static_cast<std::size_t>(found - placements.begin()), *c.scenario.value()}].push_back(&c);
  }
  std::vector<Table> tables;
  for (auto& [key, cases] : groups) tables.push_back(CastTable(std::move(cases)).build());
  for (Table& table : mux_tables(result)) tables.push_back(std::move(table));
  return tables;
}

}  // namespace ipcbench

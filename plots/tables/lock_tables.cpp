#include "plots/tables/lock_tables.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

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

namespace ipcbench {
namespace {

using LockCases = std::vector<const CaseRecord*>;

constexpr std::array kLockOptions = {kHoldOption, kProducersOption, kThinkOption};

// What the rows of a part have in common.
struct LockPartKey {
  std::size_t processes;
  double hold_ns, think_ns;
  std::string hold, think;  // "1us"
  bool is_ranked;
  friend auto operator<=>(const LockPartKey&, const LockPartKey&) = default;
};

LockPartKey lock_part_of(const CaseRecord& c) {
  return {.processes = seats_of(c, kProducersOption),
          .hold_ns = duration_ns(c, kHoldOption).value_or(0),
          .think_ns = duration_ns(c, kThinkOption).value_or(0),
          .hold = printable(scenario_option(c, kHoldOption)),
          .think = printable(scenario_option(c, kThinkOption)),
          .is_ranked = !is_limited(c) && c.wait == WaitStrategy::block};
}

std::string lock_part_title(const LockPartKey& key) {
  return fmt::format("{} {}, hold {}, think {}, {}", key.processes, key.processes == 1 ? "process" : "processes",
                     key.hold, key.think, key.is_ranked ? "block" : "other rows, not ranked");
}

// Returns the lock with its own options.
std::string lock_label(const CaseRecord& c) {
  std::string label = c.transport;
  for (const auto& [name, value] : c.options) {
    if (std::ranges::count(kLockOptions, name) == 0) label += fmt::format(" {}={}", printable(name), printable(value));
  }
  return label;
}

std::vector<Column> lock_columns() {
  return {{"rank", "#", Unit::count},
          {"transport", "lock"},
          {"wait", "wait"},
          {"case", "case", Unit::text, false, Audience::data},
          {"cpus", "CPUs", Unit::count},
          {"turns_per_s", "turns/s [95 %]", Unit::per_s, true},
          {"fairness", "fairness", Unit::number},
          {"worst_seat_ratio", "worst seat", Unit::percent},
          {"seat_p50_ns", "wait p50", Unit::ns},
          {"worst_seat_p99_ns", "worst p99", Unit::ns},
          {"worst_seat_max_ns", "max", Unit::ns},
          {"handover_ratio", "handed over", Unit::percent},
          {"handover_p50_ns", "hand-over p50", Unit::ns},
          {"handover_p99_ns", "hand-over p99", Unit::ns},
          {"cpu_ns_per_op", "CPU/turn", Unit::ns},
          {"context_switches_per_op", "switches/turn", Unit::number},
          {"n", "n", Unit::count},
          {"notes", "notes"}};
}

std::vector<Cell> lock_row(const CaseRecord& c, Cell rank, RowNotes& notes) {
  const CaseSummary& s = c.summary;
  const std::vector<int> of_seats = c.seat_cpus.value_or(std::vector<int>{});
  const std::set<int> cpus(of_seats.begin(), of_seats.end());
  Cell switches;
  if (s.voluntary_per_op.median && s.involuntary_per_op.median)
    switches.value = *s.voluntary_per_op.median + *s.involuntary_per_op.median;
  return {std::move(rank),
          cell(lock_label(c)),
          cell(c.wait),
          cell(c.id),
          cpus.contains(-1) ? Cell{} : cell(cpus.size()),
          cell(s.turns_per_s),
          plain_cell(s.fairness),
          plain_cell(s.worst_seat_ratio),
          plain_cell(s.seat_p50),
          plain_cell(s.worst_seat_p99),
          plain_cell(s.worst_seat_max),
          plain_cell(s.handover_ratio),
          plain_cell(s.handover_p50),
          plain_cell(s.handover_p99),
          plain_cell(s.cpu_ns_per_op),
          std::move(switches),
          cell(s.turns_per_s.n),
          notes.cell_of(c)};
}

TablePart lock_part(const LockPartKey& key, const LockCases& cases, RowNotes& notes) {
  static const Figure kNone{};
  std::vector<Contender> rows;
  for (const CaseRecord* c : cases) {
    rows.push_back(
        {.figure = key.is_ranked ? &c->summary.turns_per_s : &kNone, .measured = key.is_ranked ? c : nullptr});
  }
  TablePart part{lock_part_title(key), {}};
  for (const Rank& place : rank(rows, Better::larger))
    part.rows.push_back(lock_row(*cases[place.index], rank_cell(place), notes));
  return part;
}

void explain_lock_columns(Table& table) {
  add_note(
      table,
      "turns/s: of all processes together, in a block without stamps; CPU/turn counts what they compute while they "
      "hold the lock and before they want it again",
      "每秒轮次：所有进程合计，取自不逐次计时的测量段；每轮CPU时间包含持锁期间与再次取锁之前的计算");
  add_note(table,
           "fairness: Jain's index of the turns of each process, 1 if all had as many; worst seat: the fewest turns of "
           "a process by their mean",
           "公平性：各进程轮次的Jain指数，全部相同为1；最差席位：轮次最少的进程与平均值之比");
  add_note(table,
           "wait: from wanting the lock to having it, in a block with stamps; worst p99 and max are those of the "
           "process with the largest",
           "等待：从想要锁到取得锁，取自逐次计时的测量段；最差p99与最大值取自数值最大的进程");
  add_note(table,
           "handed over: turns of a process that had waited until another gave the lock back; hand-over: from there "
           "until it had the lock, which is what the next waiter costs",
           "移交：取锁进程一直等到另一进程归还锁的轮次；移交时间：从归还到取得锁，即下一个等待者的代价");
}

// Every wait has a reading of the clock in it, which is most of what is shown of a lock that was free.
void mark_short_waits(Table& table, const LockCases& all, double clock_ns) {
  const auto is_short = [&](const CaseRecord* c) {
    const std::optional<double>& wait_ns = c->summary.seat_p50.median;
    return wait_ns && *wait_ns < 2 * clock_ns;
  };
  if (std::ranges::none_of(all, is_short)) return;
  const std::string reading = human(Unit::ns, clock_ns);
  add_note(table,
           fmt::format(
               "wait: has one reading of the clock in it ({}); shorter than twice that it says only that the lock was "
               "free",
               reading),
           fmt::format("等待：其中包含一次时钟读取（{}）；短于其两倍的等待，只说明当时锁是空闲的", reading));
}

Table lock_table(const LockCases& all, double clock_ns) {
  const CaseRecord& any = *all.front();
  Table table;
  table.id = fmt::format("{}/{}", to_string(any.scenario), to_string(any.placement));
  table.title = fmt::format("{}, {}", find_scenario(to_string(any.scenario))->title, to_string(any.placement));
  table.columns = lock_columns();
  std::map<LockPartKey, LockCases> parts;
  for (const CaseRecord* c : all) parts[lock_part_of(*c)].push_back(c);
  RowNotes notes;
  for (const auto& [key, cases] : parts) table.parts.push_back(lock_part(key, cases, notes));
  notes.add_to(table);
  explain_lock_columns(table);
  mark_short_waits(table, all, clock_ns);
  return table;
}

}  // namespace

std::vector<Table> lock_tables(const Result& result) {
  std::vector<std::pair<PlacementName, LockCases>> placements;
  for (const CaseRecord& c : result.cases) {
    if (c.status != Status::ok || !c.summary.takes_turns) continue;
    const auto is_here = [&](const auto& group) { return group.first == c.placement; };
    auto found = std::ranges::find_if(placements, is_here);
    if (found == placements.end()) found = placements.insert(found, {c.placement, {}});
    found->second.push_back(&c);
  }
  std::vector<Table> tables;
  for (const auto& group : placements) tables.push_back(lock_table(group.second, result.clock.overhead_ns));
  return tables;
}

}  // namespace ipcbench

#include "plots/tables/load_cells.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "plots/table/cells.h"
#include "results/figures/cast_lines.h"
#include "results/figures/load_summary.h"
#include "results/figures/statistics.h"
#include "results/model/limits.h"
#include "results/model/utf8.h"
#include "scenarios/list/cast.h"
#include "scenarios/list/open_loop.h"

namespace ipcbench {
namespace {

constexpr std::ptrdiff_t kColumnsAfterSeats = 4;  // loss, class, n, notes

// Rule 15: returns the longest response of all launches, and when in its block its message was due.
Cell longest_cell(const CaseRecord& c) {
  const LoadRecord* worst = nullptr;
  for (const LaunchRecord& launch : c.launches) {
    const bool counts = launch.used && launch.load && launch.load->response_max_ns;
    if (counts && (worst == nullptr || *launch.load->response_max_ns > *worst->response_max_ns)) worst = &*launch.load;
  }
  if (worst == nullptr) return {};
  Cell result = cell(worst->response_max_ns);
  if (worst->response_max_at_ns)
    result.shown =
        fmt::format("{} at {}", human(Unit::ns, *worst->response_max_ns), human(Unit::ns, *worst->response_max_at_ns));
  return result;
}

}  // namespace

std::string load_row_label(const CaseRecord& c) {
  std::string label = transport_label(c);
  if (c.summary.has_cast) label += fmt::format(" {}", printable(scenario_option(c, kSharingOption)));
  if (is_limited(c)) label += fmt::format(" {}", kLimitMark);
  return label;
}

std::string load_kind(const CaseRecord& c) {
  const auto option = [&](std::string_view name) { return printable(scenario_option(c, name)); };
  std::string seats = seats_text(c);
  if (!seats.empty()) seats += ", ";
  return fmt::format("{}{}, {}, pacer {}", seats, option(kScheduleOption), option(kFormOption), option(kPacerOption));
}

Cell time_cell(const CaseRecord& c, const Figure& figure) {
  Cell result = cell(figure);
  const std::optional<double>& error = c.summary.clock_error_ns;
  if (!figure.median || !error || *figure.median >= 2 * *error) return result;
  result.shown = fmt::format("{} ± {} (clock)", human(Unit::ns, *figure.median, figure.ci95), human(Unit::ns, *error));
  return result;
}

Cell quantile_cell(const CaseRecord& c, const Figure& figure, double q) {
  Cell result = plain_cell(figure);
  const double needed = values_for(q);
  if (!figure.median && c.ops > 0 && static_cast<double>(c.ops) < needed)
    result.shown = fmt::format("{} ({:.0f})", kNothing, needed);
  return result;
}

bool have_seats(const std::vector<const CaseRecord*>& cases) {
  return std::ranges::any_of(cases, [](const CaseRecord* c) { return c->summary.has_cast; });
}

void add_load_columns(Table& table, bool with_seats) {
  const std::vector<Column> columns = {{"response_p50_ns", "response p50 [95 %]", Unit::ns, true},
                                       {"response_p99_ns", "p99", Unit::ns},
                                       {"response_p999_ns", "p99.9", Unit::ns},
                                       {"response_max_ns", "max", Unit::ns},
                                       {"service_p50_ns", "service p50 [95 %]", Unit::ns, true},
                                       {"service_p99_ns", "service p99", Unit::ns},
                                       {"lateness_p50_ns", "lateness p50", Unit::ns},
                                       {"clock_error_ns", "clock error", Unit::ns, false, Audience::data},
                                       {"cpu_ns_per_op", "CPU/op", Unit::ns},
                                       {"consumer_cpu_ns_per_op", "receiver's CPU/op", Unit::ns},
                                       {"loss_ratio", "loss", Unit::percent},
                                       {"class", "class"},
                                       {"n", "n", Unit::count},
                                       {"notes", "notes"}};
  table.columns.insert(table.columns.end(), columns.begin(), columns.end());
  if (!with_seats) return;
  const std::vector<Column> seats = {{"fairness", "fairness", Unit::number},
                                     {"worst_seat_p99_ns", "worst p99", Unit::ns}};
  table.columns.insert(table.columns.end() - kColumnsAfterSeats, seats.begin(), seats.end());
}

void add_load_cells(std::vector<Cell>& row, const CaseRecord& c, RowNotes& notes, bool with_seats) {
  const CaseSummary& s = c.summary;
  row.push_back(time_cell(c, s.response_p50));
  row.push_back(quantile_cell(c, s.response_p99, 0.99));
  row.push_back(quantile_cell(c, s.response_p999, 0.999));
  row.push_back(longest_cell(c));
  row.push_back(time_cell(c, s.service_p50));
  row.push_back(quantile_cell(c, s.service_p99, 0.99));
  row.push_back(plain_cell(s.lateness_p50));
  row.push_back(cell(s.clock_error_ns));
  row.push_back(plain_cell(s.cpu_ns_per_op));
  row.push_back(plain_cell(s.consumer_cpu_ns_per_op));
  if (with_seats) {
    row.push_back(plain_cell(s.fairness));
    row.push_back(plain_cell(s.worst_seat_p99));
  }
  row.push_back(plain_cell(s.loss_ratio));
  row.push_back(cell(s.steady));
  row.push_back(cell(s.achieved_per_s.n));
  row.push_back(notes.cell_of(c));
}

void add_note(Table& table, std::string_view english, std::string_view chinese) {
  table.notes.emplace_back(english);
  table.bilingual.push_back({std::string(english), std::string(chinese)});
}

void explain_load_columns(Table& table) {
  add_note(
      table,
      "response: from a message's planned time to its receipt, or to that of its answer; service: from the begin "
      "of its send; lateness: of the send behind the planned time and the end of the send before",
      "响应：自消息的计划时刻至收到（或收到其应答）；服务：自开始发送；迟到：发送晚于计划时刻与上一次发送结束的时间");
  add_note(table, "CPU/op: of both sides, less what the pacer's sleeps take with nothing to send",
           "CPU/次：双方之和，减去节拍器空转所耗");
  add_note(table, "max: the longest response of all launches, and when in its block its message was due",
           "最大：所有启动中最长的一次响应，及其消息在测量段中的计划时刻");
  if (std::ranges::find(table.columns, "worst_seat_p99_ns", &Column::key) != table.columns.end()) {
    add_note(
        table,
        "fairness: Jain's index of what came of each producer, 1 if all had the same; worst p99: of the producer "
        "with the largest, of the service if a timer drives the senders, else of the response",
        "公平性：各生产者送达数量的Jain指数，全部相同为1；最差p99：数值最大的生产者的p99，由定时器驱动发送时按服务，"
        "否则按响应");
  }
  const auto is_short = [](const Cell& cell) { return cell.shown.starts_with(fmt::format("{} (", kNothing)); };
  for (const TablePart& part : table.parts) {
    for (const auto& row : part.rows) {
      if (std::ranges::none_of(row, is_short)) continue;
      return add_note(table, "— (10000): the quantile needs that many messages in a launch",
                      "— (10000)：该分位数要求每次启动至少有这么多消息");
    }
  }
}

}  // namespace ipcbench

#include "plots/tables/load_cells.h"

#include <algorithm>

#include <fmt/format.h>

#include "plots/table/cells.h"
#include "results/figures/load_summary.h"
#include "results/model/limits.h"
#include "results/model/utf8.h"
#include "scenarios/list/open_loop.h"

namespace ipcbench {

std::string load_row_label(const CaseRecord& c) {
  std::string label = transport_label(c);
  if (is_limited(c)) label += fmt::format(" {}", kLimitMark);
  return label;
}

std::string load_kind(const CaseRecord& c) {
  const auto option = [&](std::string_view name) { return printable(scenario_option(c, name)); };
  return fmt::format("{}, {}, pacer {}", option(kScheduleOption), option(kFormOption), option(kPacerOption));
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
  const double needed = messages_for(q);
  if (!figure.median && c.ops > 0 && static_cast<double>(c.ops) < needed)
    result.shown = fmt::format("{} ({:.0f})", kNothing, needed);
  return result;
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

#include "results/figures/idle_rows.h"

#include <algorithm>

#include <fmt/core.h>

#include "results/figures/load_summary.h"
#include "scenarios/list/open_loop.h"

namespace ipcbench {
namespace {

// Returns the silence as the launches had it. A file may hold any number.
std::optional<double> silence_of(const CaseRecord& c) {
  for (const LaunchRecord& launch : c.launches) {
    if (launch.load && launch.load->silence_ns && *launch.load->silence_ns > 0) return launch.load->silence_ns;
  }
  return std::nullopt;
}

}  // namespace

std::vector<IdleRow> idle_rows(const Result& result) {
  std::vector<IdleRow> rows;
  for (const CaseRecord& c : result.cases) {
    if (c.status != Status::ok || !follows_silences(c)) continue;
    const std::optional<double> silence_ns = silence_of(c);
    if (!silence_ns) continue;
    const std::string key = id_without(c, {kSilenceOption});
    auto row = std::ranges::find(rows, key, &IdleRow::key);
    if (row == rows.end()) row = rows.insert(row, IdleRow{.key = key});
    row->points.push_back({.measured = &c, .silence_ns = *silence_ns});
  }
  for (IdleRow& row : rows) std::ranges::stable_sort(row.points, {}, &IdlePoint::silence_ns);
  return rows;
}

std::optional<double> longest(const CaseRecord& c, std::optional<double> LoadRecord::*max_ns) {
  std::optional<double> most;
  for (const LaunchRecord& launch : c.launches) {
    if (!launch.used || !launch.load || !((*launch.load).*max_ns)) continue;
    most = std::max(most.value_or(0), *((*launch.load).*max_ns));
  }
  return most;
}

}  // namespace ipcbench

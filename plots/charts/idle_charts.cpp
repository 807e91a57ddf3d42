#include "plots/charts/idle_charts.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "results/figures/by_placement.h"
#include "results/figures/idle_rows.h"
#include "results/figures/load_summary.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

// Returns the row's medians by silence, pooled ones as points without intervals.
ChartSeries idle_series(const IdleRow& row, bool has_sizes) {
  ChartSeries series{channel_name(row.any(), has_sizes), {}};
  bool has_limited_point = false;
  for (const IdlePoint& point : row.points) {
    const CaseSummary& summary = point.measured->summary;
    const Figure& shown = summary.service_p50.median ? summary.service_p50 : summary.service_p50_pooled;
    const std::optional<double> most = longest(*point.measured, &LoadRecord::service_max_ns);
    if (!shown.median || !(*shown.median > 0)) continue;
    has_limited_point = has_limited_point || is_limited(*point.measured);
    series.points.push_back({.x = point.silence_ns,
                             .y = *shown.median,
                             .interval = shown.ci95.value_or(Interval{*shown.median, *shown.median}),
                             .second = most.value_or(*shown.median)});
  }
  if (has_limited_point) series.label += fmt::format(" {}", kLimitMark);
  return series;
}

}  // namespace

std::vector<ChartData> idle_charts(const Result& result) {
  std::vector<ChartData> charts;
  for (const auto& [placement, rows] : by_placement(idle_rows(result))) {
    ChartData data{.kind = "silences",
                   .name = fmt::format("idle-{}", to_string(placement)),
                   .title = fmt::format("Round trips after silence, {}", to_string(placement)),
                   .x_label = "silence before the message",
                   .y_label = "from its send to its answer, median [95 %] and longest",
                   .unit = "s",
                   .scale = 1e-9,
                   .series = {}};
    std::set<std::uint64_t> sizes;
    for (const IdleRow& row : rows) {
      if (row.any().size != 0) sizes.insert(row.any().size);
    }
    for (const IdleRow& row : rows) {
      ChartSeries series = idle_series(row, sizes.size() > 1);
      if (!series.points.empty()) data.series.push_back(std::move(series));
    }
    if (data.series.empty()) continue;
    explain_mark(data);
    charts.push_back(std::move(data));
  }
  return charts;
}

}  // namespace ipcbench

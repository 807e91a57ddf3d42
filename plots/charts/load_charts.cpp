#include "plots/charts/load_charts.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "results/figures/load_curves.h"
#include "results/figures/load_summary.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

using Pick = const Figure& (*)(const CaseRecord&);

const Figure& receivers_cpu(const CaseRecord& c) { return c.summary.consumer_cpu_ns_per_op; }
// A pacer that is late sleeps less often than alone. Where what it takes alone leaves less than the receiver's part,
// too much was subtracted, and nothing is shown.
const Figure& both_sides_cpu(const CaseRecord& c) {
  static const Figure none;
  const Figure& all = c.summary.cpu_ns_per_op;
  const Figure& part = receivers_cpu(c);
  return all.median && part.median && *all.median <= *part.median ? none : all;
}
const Figure& response(const CaseRecord& c) { return c.summary.response_p50; }
const Figure& service(const CaseRecord& c) { return c.summary.service_p50; }
const Figure& latency(const CaseRecord& c) { return headline_load(c); }
const Figure& latency_p99(const CaseRecord& c) {
  return has_spinning_pacer(c) ? c.summary.response_p99 : c.summary.service_p99;
}

bool is_shown(const Figure& figure) { return figure.median && *figure.median > 0; }

bool has_any(const LoadCurve& curve, Pick pick) {
  return std::ranges::any_of(curve.points, [&](const LoadPoint& point) { return is_shown(pick(*point.measured)); });
}

std::ptrdiff_t shown_points(const std::vector<LoadCurve>& curves, Pick pick) {
  std::ptrdiff_t count = 0;
  for (const LoadCurve& curve : curves) {
    count += std::ranges::count_if(curve.points, [&](const LoadPoint& p) { return is_shown(pick(*p.measured)); });
  }
  return count;
}

// Returns a point for each rate: one that has no figure, such as an overloaded one, interrupts the line.
ChartSeries series_of(const LoadCurve& curve, const std::string& name, Pick pick, Pick second) {
  const double none = std::nan("");
  ChartSeries series{name, {}};
  bool has_limited_point = false;
  for (const LoadPoint& point : curve.points) {
    const Figure& figure = pick(*point.measured);
    ChartPoint made{.x = point.rate_per_s, .y = none, .interval = {none, none}, .label = "", .second = none};
    if (is_shown(figure)) {
      made.y = *figure.median;
      made.interval = figure.ci95.value_or(Interval{made.y, made.y});
    }
    if (second != nullptr && is_shown(second(*point.measured))) made.second = *second(*point.measured).median;
    has_limited_point = has_limited_point || is_limited(*point.measured);
    series.points.push_back(std::move(made));
  }
  if (has_limited_point) series.label += fmt::format(" {}", kLimitMark);
  if (curve.saturation == nullptr) return series;
  const Figure& most = curve.saturation->summary.saturation_per_s;
  if (is_shown(most))
    series.saturation = ChartSaturation{*most.median, most.ci95.value_or(Interval{*most.median, *most.median})};
  return series;
}

// Says which time the curves' latency is.
std::string_view name_of_latency(const std::vector<LoadCurve>& curves) {
  const auto spinning =
      std::ranges::count_if(curves, [](const LoadCurve& curve) { return has_spinning_pacer(curve.any()); });
  if (spinning == 0) return "service, median [95 %]";
  if (spinning == std::ssize(curves)) return "response, median [95 %]";
  return "median [95 %]: response if the pacer spins, else service";
}

class PlacementCharts {
 public:
  explicit PlacementCharts(const AtPlacement<LoadCurve>& here)
      : placement_(to_string(here.placement)), curves_(here.channels), names_(curve_names(here.channels)) {}

  ChartData latency_chart() const {
    return chart("load", "Latency against load", name_of_latency(curves_), latency, latency_p99, "p99");
  }

  // Shows the receiver's part where that of both sides is unknown at most rates, as it is if the pacer spins.
  ChartData cpu_chart() const {
    const bool has_both = 2 * shown_points(curves_, both_sides_cpu) > shown_points(curves_, receivers_cpu);
    return chart("load-cpu", has_both ? "CPU time a message against load" : "CPU time of the receiver against load",
                 "CPU time a message, median [95 %]", has_both ? both_sides_cpu : receivers_cpu, nullptr, "");
  }

  ChartData times_chart() const {
    return chart("load-times", "Response and service against load", "response, median [95 %]", response, service,
                 "service");
  }

 private:
  ChartData chart(std::string_view name, std::string_view title, std::string_view y_label, Pick pick, Pick second,
                  std::string_view second_name) const {
    ChartData data{.kind = "loads",
                   .name = fmt::format("{}-{}", name, placement_),
                   .title = fmt::format("{}, {}", title, placement_),
                   .x_label = "messages a second",
                   .y_label = std::string(y_label),
                   .unit = "s",
                   .scale = 1e-9,
                   .series = {},
                   .second = std::string(second_name)};
    for (std::size_t i = 0; i < curves_.size(); ++i) {
      if (has_any(curves_[i], pick)) data.series.push_back(series_of(curves_[i], names_[i], pick, second));
    }
    explain_mark(data);
    return data;
  }

  std::string placement_;
  const std::vector<LoadCurve>& curves_;
  std::vector<std::string> names_;
};

}  // namespace

std::vector<ChartData> load_charts(const Result& result) {
  std::vector<ChartData> charts;
  for (const AtPlacement<LoadCurve>& here : curves_by_placement(result)) {
    const PlacementCharts made(here);
    charts.push_back(made.latency_chart());
    charts.push_back(made.cpu_chart());
    charts.push_back(made.times_chart());
  }
  std::erase_if(charts, [](const ChartData& data) { return data.series.empty(); });
  return charts;
}

}  // namespace ipcbench

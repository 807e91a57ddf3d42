#include "plots/charts/cast_charts.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "results/figures/cast_lines.h"
#include "results/model/limits.h"
#include "results/rows/service_spread.h"

namespace ipcbench {
namespace {

using CastFigure = const Figure& (*)(const CaseRecord&);

const Figure& worst_p99(const CaseRecord& c) { return c.summary.worst_seat_p99; }
const Figure& handover_of(const CaseRecord& c) { return c.summary.handover_p50; }
const Figure& fairness_of(const CaseRecord& c) { return c.summary.fairness; }
const Figure& cast_rate_of(const CaseRecord& c) { return cast_rate(c); }

// Returns a point for each number: one that has no figure interrupts the line.
ChartSeries cast_series(const CastLine& line, const std::string& name, CastFigure pick) {
  const double none = std::nan("");
  ChartSeries series{name, {}};
  bool has_limited_point = false;
  for (const CastPoint& point : line.points) {
    const Figure& figure = pick(*point.measured);
    ChartPoint made{.x = point.at, .y = none, .interval = {none, none}, .label = "", .second = none};
    if (figure.median && *figure.median > 0) {
      made.y = *figure.median;
      made.interval = figure.ci95.value_or(Interval{made.y, made.y});
    }
    has_limited_point = has_limited_point || is_limited(*point.measured);
    series.points.push_back(std::move(made));
  }
  if (has_limited_point) series.label += fmt::format(" {}", kLimitMark);
  return series;
}

bool has_point(const ChartSeries& series) {
  return std::ranges::any_of(series.points, [](const ChartPoint& point) { return !std::isnan(point.y); });
}

// Returns a text without commas and blanks, for the name of a file.
std::string in_file_name(const std::string& text) {
  std::string name;
  for (const char c : text) {
    if (c == ',') continue;
    name += c == ' ' ? '-' : c;
  }
  return name;
}

ChartData chart_of(const CastGroup& group, std::string_view name, std::string_view title, CastFigure pick) {
  const std::string subject = subject_text(group.subject);
  ChartData data{.kind = "casts",
                 .name = fmt::format("{}-{}-{}", name, in_file_name(subject), to_string(group.placement)),
                 .title = fmt::format("{}: {}, {}", title, subject, to_string(group.placement)),
                 .x_label = "",
                 .y_label = "",
                 .unit = "",
                 .series = {}};
  const std::vector<std::string> names = names_of(group.lines);
  for (std::size_t i = 0; i < group.lines.size(); ++i) {
    ChartSeries series = cast_series(group.lines[i], names[i], pick);
    if (has_point(series)) data.series.push_back(std::move(series));
  }
  explain_mark(data);
  return data;
}

void add_if_any(std::vector<ChartData>& charts, ChartData data) {
  if (!data.series.empty()) charts.push_back(std::move(data));
}

// Says what a chart's figures are of.
struct SeatWords {
  std::string_view rate, worst;
};

SeatWords words_for(std::string_view seats) {
  if (seats == "clients") return {"answers a second, all together", "round trip of the worst client"};
  if (seats == "processes") return {"turns a second, all together", "wait of the worst process"};
  return {"messages a second", "send of the worst producer"};
}

void add_charts_by_seats(std::vector<ChartData>& charts, const CastGroup& group) {
  const CaseRecord& any = group.lines.front().any();
  const std::string seats = counted_seats(any);
  const SeatWords words = words_for(seats);
  ChartData rates = chart_of(group, "cast-rate", "Rate against " + seats, cast_rate_of);
  rates.y_label = fmt::format("{}, median [95 %]", words.rate);
  rates.unit = "/s";
  ChartData worst = chart_of(group, "cast-worst", "Worst seat against " + seats, worst_p99);
  worst.y_label = fmt::format("{}, p99, median [95 %]", words.worst);
  ChartData handover = chart_of(group, "cast-handover", "Hand-over against " + seats, handover_of);
  handover.y_label = "from giving a lock back to the next one's having it, p50, median [95 %]";
  for (ChartData* times : {&worst, &handover}) {
    times->unit = "s";
    times->scale = 1e-9;
  }
  ChartData fair = chart_of(group, "cast-fairness", "Fairness against " + seats, fairness_of);
  fair.y_label = "index of fairness (Jain), median [95 %]";
  fair.is_linear = true;
  for (ChartData* data : {&rates, &worst, &handover, &fair}) {
    data->x_label = seats;
    add_if_any(charts, std::move(*data));
  }
}

void add_chart_by_service(std::vector<ChartData>& charts, const CastGroup& group) {
  ChartData data = chart_of(group, "cast-service", "Rate against service time", cast_rate_of);
  data.x_label = "service time";
  data.x_is_time = true;
  data.y_label = "answers a second, all together, median [95 %]";
  data.unit = "/s";
  for (const SpreadPoint& point : rate_spread(group.lines)) {
    data.spread.push_back({.x = point.service_ns,
                           .y = point.ratio,
                           .interval = point.interval.value_or(Interval{point.ratio, point.ratio}),
                           .label = ""});
  }
  add_if_any(charts, std::move(data));
}

}  // namespace

std::vector<ChartData> cast_charts(const Result& result) {
  std::vector<ChartData> charts;
  for (const CastGroup& group : grouped(lines_by_seats(result))) add_charts_by_seats(charts, group);
  for (const CastGroup& group : grouped(lines_by_service(result))) add_chart_by_service(charts, group);
  return charts;
}

}  // namespace ipcbench

#include "plots/charts/chart_data.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "results/claims/sources_table.h"
#include "results/compare/comparability.h"
#include "results/figures/memory_figure.h"
#include "results/figures/statistics.h"
#include "results/figures/summary.h"
#include "results/model/limits.h"
#include "results/rows/floors.h"

namespace ipcbench {
namespace {

constexpr double kFromNs = 1e-9;
constexpr std::uint64_t kPercentileSize = 64;

constexpr int kLoanStyle = 9;
constexpr int kSpinStyle = 10;

struct Subject {
  std::string transport;
  WaitName wait;
  int style = 0;  // a mechanism's style is the same in every chart
};

bool is_of(const CaseRecord& c, const Subject& subject, const PlacementName& placement) {
  return c.status == Status::ok && c.placement == placement && c.transport == subject.transport &&
         c.wait == subject.wait && c.options.empty() && may_be_ranked(c);
}

// Returns the transports of the table's rows. Shared memory adds loans and, if there is a CPU for it, spinning.
std::vector<Subject> subjects_of(const SourcesTable& sources) {
  std::vector<Subject> subjects;
  for (const ComparedRow& row : sources.rows) {
    if (row.transport.empty()) continue;
    subjects.push_back({row.transport, WaitStrategy::block, static_cast<int>(&row - sources.rows.data()) + 1});
    if (row.source->row != "shared memory") continue;
    subjects.push_back({row.transport + "-loan", WaitStrategy::block, kLoanStyle});
    subjects.push_back({row.transport, WaitStrategy::spin, kSpinStyle});
  }
  return subjects;
}

std::string label_of(const Subject& subject) {
  return subject.wait == WaitStrategy::block ? subject.transport
                                             : fmt::format("{} {}", subject.transport, to_string(subject.wait));
}

std::string marked(std::string label, bool is_changed) {
  return is_changed ? fmt::format("{} {}", label, kLimitMark) : label;
}

ChartPoint point_of(double x, const Figure& figure) {
  return {x, *figure.median, figure.ci95.value_or(Interval{*figure.median, *figure.median}), ""};
}

// Returns one scenario's series, ascending by size. Cases without payload have no place on that axis.
ChartSeries size_series(const Result& result, const SourcesTable& sources, const Subject& subject, Scenario scenario,
                        const Figure& (*pick)(const CaseSummary&)) {
  ChartSeries series{label_of(subject), {}, subject.style};
  bool is_changed = false;
  for (const CaseRecord& c : result.cases) {
    if (c.scenario != scenario || !carries_payload(c) || !is_of(c, subject, sources.placement)) continue;
    const Figure& figure = pick(c.summary);
    is_changed = is_changed || is_limited(c);
    if (figure.median && *figure.median > 0) series.points.push_back(point_of(static_cast<double>(c.size), figure));
  }
  std::ranges::sort(series.points, {}, &ChartPoint::x);
  series.label = marked(std::move(series.label), is_changed);
  return series;
}

void add_level(ChartData& data, const std::string& label, const std::optional<double>& level) {
  if (!level || data.series.empty()) return;
  double low = data.series.front().points.front().x;
  double high = low;
  for (const ChartSeries& series : data.series) {
    for (const ChartPoint& point : series.points) {
      low = std::min(low, point.x);
      high = std::max(high, point.x);
    }
  }
  data.series.push_back({label, {{low, *level, {*level, *level}, ""}, {high, *level, {*level, *level}, ""}}, 0, true});
}

// Adds a series for each subject that has points.
void add_size_series(ChartData& data, const Result& result, const SourcesTable& sources, Scenario scenario,
                     const Figure& (*pick)(const CaseSummary&)) {
  for (const Subject& subject : subjects_of(sources)) {
    ChartSeries series = size_series(result, sources, subject, scenario, pick);
    if (!series.points.empty()) data.series.push_back(std::move(series));
  }
}

ChartData latency_against_size(const Result& result, const SourcesTable& sources) {
  ChartData data{.kind = "sizes",
                 .name = fmt::format("latency-{}", to_string(sources.placement)),
                 .title = fmt::format("Round trips against message size, {}", to_string(sources.placement)),
                 .x_label = "message size",
                 .y_label = "round trip, median [95 %]",
                 .unit = "s",
                 .scale = kFromNs,
                 .series = {}};
  add_size_series(data, result, sources, Scenario::ping_pong, headline_rtt);
  if (const FloorRecord* floor = floor_at(result.floors, sources.placement, sources.state)) {
    add_level(data, "futex wake (floor)", floor->futex_rtt_ns);
    add_level(data, "cache line (floor)", floor->cache_line_rtt_ns);
  }
  return data;
}

const Figure& bytes_of(const CaseSummary& summary) { return summary.bytes_per_s; }
const Figure& messages_of(const CaseSummary& summary) { return summary.messages_per_s; }

ChartData throughput_against_size(const Result& result, const SourcesTable& sources, bool in_bytes) {
  ChartData data{
      .kind = "sizes",
      .name = fmt::format("{}-{}", in_bytes ? "throughput" : "messages", to_string(sources.placement)),
      .title = fmt::format("{} against message size, {}", in_bytes ? "Throughput" : "Messages per second",
                           to_string(sources.placement)),
      .x_label = "message size",
      .y_label = in_bytes ? "verified bytes per second, median [95 %]" : "messages per second, median [95 %]",
      .unit = in_bytes ? "B/s" : "/s",
      .scale = 1,
      .series = {}};
  add_size_series(data, result, sources, Scenario::streaming, in_bytes ? bytes_of : messages_of);
  const FloorRecord* floor = floor_at(result.floors, sources.placement, sources.state);
  if (floor == nullptr || floor->memcpy.empty() || data.series.empty()) return data;
  ChartSeries copy{"memcpy (floor)", {}, 0, true};
  for (const BandwidthRecord& b : floor->memcpy) {
    const double value = in_bytes ? b.bytes_per_s : b.bytes_per_s / static_cast<double>(b.size);
    if (b.size > 0 && value > 0) copy.points.push_back({static_cast<double>(b.size), value, {value, value}, ""});
  }
  data.series.push_back(std::move(copy));
  return data;
}

// Returns the percentiles with at least ten values above them; beyond that they would be single events.
ChartSeries percentile_series(const CaseRecord& c, const Subject& subject) {
  ChartSeries series{label_of(subject), {}, subject.style};
  const SparseHistogram histogram = pooled_histogram(c);
  const std::uint64_t count = count_of(histogram);
  constexpr double kStepsPerDecade = 24;
  for (int step = 1;; ++step) {
    const double x = std::pow(10, step / kStepsPerDecade);  // 1 / (1 - p)
    const double p = 1 - 1 / x;
    if (!supports_quantile(count, p)) return series;
    const double value = *quantile(histogram, p);
    series.points.push_back({x, value, {value, value}, ""});
  }
}

ChartData percentiles(const Result& result, const SourcesTable& sources) {
  ChartData data{.kind = "percentiles",
                 .name = fmt::format("percentiles-{}", to_string(sources.placement)),
                 .title = fmt::format("Percentiles of round trips of 64 B, {}", to_string(sources.placement)),
                 .x_label = "percentile, all launches pooled",
                 .y_label = "round trip",
                 .unit = "s",
                 .scale = kFromNs,
                 .series = {}};
  for (const Subject& subject : subjects_of(sources)) {
    for (const CaseRecord& c : result.cases) {
      const bool is_shown = c.size == kPercentileSize || c.size == 0;
      if (c.scenario != Scenario::ping_pong || !is_shown || !is_of(c, subject, sources.placement)) continue;
      ChartSeries series = percentile_series(c, subject);
      series.label = marked(std::move(series.label), is_limited(c));
      if (!series.points.empty()) data.series.push_back(std::move(series));
    }
  }
  if (const FloorRecord* floor = floor_at(result.floors, sources.placement, sources.state)) {
    add_level(data, "futex wake (floor)", floor->futex_rtt_ns);
  }
  return data;
}

// Removes labels that would overlap an earlier one.
void thin_labels(ChartData& data) {
  constexpr double kWidth = 0.13, kHeight = 0.035;  // of a label, as parts of the axes
  Interval x{1e300, 0}, y{1e300, 0};
  for (const ChartSeries& series : data.series) {
    for (const ChartPoint& point : series.points) {
      x = {std::min(x.low, point.x), std::max(x.high, point.x)};
      y = {std::min(y.low, point.y), std::max(y.high, point.y)};
    }
  }
  const auto near = [](double a, double b, const Interval& axis, double part) {
    return std::abs(std::log(a / b)) < part * std::max(std::log(axis.high / axis.low), 1.0);
  };
  std::vector<ChartPoint> kept;
  for (ChartSeries& series : data.series) {
    for (ChartPoint& point : series.points) {
      if (point.label.empty()) continue;
      const auto covers = [&](const ChartPoint& other) {
        return near(point.x, other.x, x, kWidth) && near(point.y, other.y, y, kHeight);
      };
      if (std::ranges::any_of(kept, covers)) {
        point.label.clear();
      } else {
        kept.push_back(point);
      }
    }
  }
}

ChartData cpu_against_latency(const Result& result, const SourcesTable& sources) {
  ChartData data{.kind = "costs",
                 .name = fmt::format("cpu-{}", to_string(sources.placement)),
                 .title = fmt::format("CPU time against round trip of 64 B, {}", to_string(sources.placement)),
                 .x_label = "round trip, median",
                 .y_label = "CPU time of all participants per round trip, median",
                 .unit = "s",
                 .scale = kFromNs,
                 .series = {}};
  const std::vector<Subject> named = subjects_of(sources);
  for (const WaitStrategy wait :
       {WaitStrategy::block, WaitStrategy::io_uring, WaitStrategy::poll, WaitStrategy::hybrid, WaitStrategy::spin}) {
    ChartSeries series{std::string(to_string(wait)), {}};
    for (const CaseRecord& c : result.cases) {
      const bool is_shown = c.size == kPercentileSize || c.size == 0;
      if (c.scenario != Scenario::ping_pong || !is_shown || !is_of(c, {c.transport, wait}, sources.placement)) continue;
      const Figure& rtt = headline_rtt(c.summary);
      const Figure& cpu = c.summary.cpu_ns_per_op;
      if (!rtt.median || !cpu.median || !(*rtt.median > 0) || !(*cpu.median > 0)) continue;
      ChartPoint point = point_of(*rtt.median, cpu);
      const bool is_named =
          std::ranges::any_of(named, [&](const Subject& s) { return s.transport == c.transport && s.wait == wait; });
      if (is_named) point.label = marked(c.transport, is_limited(c));
      series.points.push_back(std::move(point));
    }
    if (!series.points.empty()) data.series.push_back(std::move(series));
  }
  thin_labels(data);
  return data;
}

// Makes a chart of a dot for each transport in each series, ordered by the first figure that a transport has.
ChartData dots(ChartData data) {
  std::erase_if(data.series, [](const ChartSeries& series) { return series.points.empty(); });
  std::vector<ChartPoint> order;
  for (const ChartSeries& series : data.series) {
    for (const ChartPoint& point : series.points) {
      if (std::ranges::find(order, point.label, &ChartPoint::label) == order.end()) order.push_back(point);
    }
  }
  std::ranges::stable_sort(order, {}, &ChartPoint::y);
  for (ChartSeries& series : data.series) {
    std::vector<ChartPoint> sorted;
    for (const ChartPoint& place : order) {
      const auto found = std::ranges::find(series.points, place.label, &ChartPoint::label);
      ChartPoint missing{.y = std::nan(""), .label = place.label};
      sorted.push_back(found == series.points.end() ? std::move(missing) : *found);
    }
    series.points = std::move(sorted);
  }
  return data;
}

void add_dot(ChartSeries& series, const std::string& label, const Figure& figure) {
  if (!figure.median || !(*figure.median > 0)) return;
  if (std::ranges::find(series.points, label, &ChartPoint::label) != series.points.end()) return;
  ChartPoint point = point_of(0, figure);
  point.label = label;
  series.points.push_back(std::move(point));
}

// Marks the row whose dots are lower bounds. A channel that was filled up to the cap is exact while it is idle.
std::string_view bound_mark(const Result& result, const CaseRecord& c) {
  if (misses_kernel_objects(result, c)) return " ≥";
  return memory_figure(result, c).at_least == AtLeast::no ? "" : " (loaded ≥)";
}

ChartData memory(const Result& result) {
  ChartData data{.kind = "dots",
                 .name = "memory",
                 .title = "Memory of one channel, both directions",
                 .x_label = "",
                 .y_label = "bytes per channel (≥: at least)",
                 .unit = "B",
                 .binary = true,
                 .series = {{"idle", {}}, {"loaded", {}}}};
  for (const CaseRecord& c : result.cases) {
    if (c.status != Status::ok || c.scenario != Scenario::ping_pong || !c.options.empty()) continue;
    const std::string label = marked(fmt::format("{}{}", c.transport, bound_mark(result, c)), has_limited_memory(c));
    add_dot(data.series[0], label, c.summary.channel_idle);
    add_dot(data.series[1], label, c.summary.channel_loaded);
  }
  return dots(std::move(data));
}

ChartData set_up(const Result& result) {
  ChartData data{.kind = "dots",
                 .name = "setup",
                 .title = "Set-up of a channel",
                 .x_label = "",
                 .y_label = "time, median",
                 .unit = "s",
                 .scale = kFromNs,
                 .series = {{"connect", {}}, {"create", {}}, {"teardown", {}}}};
  for (const CaseRecord& c : result.cases) {
    if (c.status != Status::ok || c.scenario != Scenario::setup || !c.options.empty()) continue;
    const std::string label = marked(c.transport, is_limited(c));
    add_dot(data.series[0], label, c.summary.setup_connect);
    add_dot(data.series[1], label, c.summary.setup_create);
    add_dot(data.series[2], label, c.summary.setup_teardown);
  }
  return dots(std::move(data));
}

}  // namespace

void explain_mark(ChartData& data) {
  const auto is_marked = [](const std::string& label) { return label.ends_with(kLimitMark); };
  const bool any = std::ranges::any_of(data.series, [&](const ChartSeries& series) {
    return is_marked(series.label) || std::ranges::any_of(series.points, is_marked, &ChartPoint::label);
  });
  if (any) data.title += fmt::format(" ({}: changed by a limit of the host)", kLimitMark);
}

std::vector<ChartData> chart_data_of(const ComparedResult& compared) {
  const Result& result = compared.result;
  std::vector<ChartData> all;
  for (const SourcesTable& sources : compared.sources) {
    all.push_back(latency_against_size(result, sources));
    all.push_back(throughput_against_size(result, sources, true));
    all.push_back(throughput_against_size(result, sources, false));
    all.push_back(percentiles(result, sources));
    all.push_back(cpu_against_latency(result, sources));
  }
  all.push_back(memory(result));
  all.push_back(set_up(result));
  std::erase_if(all, [](const ChartData& data) { return data.series.empty(); });
  for (ChartData& data : all) explain_mark(data);
  return all;
}

}  // namespace ipcbench

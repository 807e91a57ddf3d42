#include "results/claims/claim_figures.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "results/figures/cast_lines.h"
#include "results/figures/catalogue.h"
#include "results/figures/compared_figure.h"

namespace ipcbench {
namespace {

constexpr std::string_view kRoundTrip = "round_trip_ns";      // p50, or the mean for a coarse clock
constexpr std::string_view kMessage = "message_ns";           // the inverse of the rate
constexpr std::string_view kSystemCalls = "syscalls_per_op";  // of both sides

struct FloorName {
  std::string_view name;
  std::optional<double> FloorRecord::*value;
  bool depends_on_placement;
};
constexpr std::array kFloorNames = {FloorName{"floor_clock_read_ns", &FloorRecord::clock_read_ns, false},
                                    FloorName{"floor_syscall_ns", &FloorRecord::syscall_ns, false},
                                    FloorName{"floor_cache_line_rtt_ns", &FloorRecord::cache_line_rtt_ns, true},
                                    FloorName{"floor_futex_rtt_ns", &FloorRecord::futex_rtt_ns, true}};

std::optional<MeasuredNumber> number_of(const Figure& figure) {
  if (!figure.median || !std::isfinite(*figure.median) || *figure.median < 0) return std::nullopt;
  return MeasuredNumber{.value = *figure.median, .interval = figure.ci95};
}

std::optional<MeasuredNumber> inverse_of(const Figure& rate) {
  constexpr double kNsPerSecond = 1e9;
  std::optional<MeasuredNumber> number = number_of(rate);
  if (!number || number->value == 0) return std::nullopt;
  number->value = kNsPerSecond / number->value;
  if (number->interval && number->interval->low <= 0) number->interval.reset();
  if (number->interval)
    number->interval = {kNsPerSecond / number->interval->high, kNsPerSecond / number->interval->low};
  return number;
}

std::optional<MeasuredNumber> calls_of_both(const CaseSummary& summary) {
  const std::optional<double>&producer = summary.syscalls_producer.median, &consumer = summary.syscalls_consumer.median;
  if (!producer || !consumer) return std::nullopt;
  const double calls = *producer + *consumer;
  if (summary.syscalls_vary) return MeasuredNumber{.value = calls, .interval = {}};
  return MeasuredNumber{.value = calls, .interval = Interval{calls, calls}};
}

std::optional<MeasuredNumber> floor_of(const Result& result, const CaseRecord& c, const FloorName& floor) {
  std::vector<double> values;
  for (const FloorRecord& record : result.floors) {
    const std::optional<double>& value = record.*floor.value;
    const bool counts = !floor.depends_on_placement || record.placement == c.placement;
    if (counts && value && std::isfinite(*value) && *value > 0) values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  return MeasuredNumber{.value = values[values.size() / 2], .interval = Interval{values.front(), values.back()}};
}

}  // namespace

std::vector<std::string> claim_figure_names() {
  std::vector<std::string> names = {std::string(kRoundTrip), std::string(kMessage), std::string(kSystemCalls)};
  for (const FloorName& floor : kFloorNames) names.emplace_back(floor.name);
  for (const FigureInfo& figure : figure_catalogue()) names.emplace_back(figure.key);
  return names;
}

std::optional<MeasuredNumber> claim_figure(const Result& result, const CaseRecord& c, std::string_view name,
                                           std::span<const CaseRecord* const> together) {
  if (name == kRoundTrip) return number_of(compared_figure(c.summary.rtt_p50, c, together));
  if (name == kMessage) return inverse_of(cast_rate(c));
  if (name == kSystemCalls) return calls_of_both(c.summary);
  for (const FloorName& floor : kFloorNames) {
    if (floor.name == name) return floor_of(result, c, floor);
  }
  for (const FigureInfo& figure : figure_catalogue()) {
    if (figure.key == name) return number_of(c.summary.*figure.figure);
  }
  return std::nullopt;
}

}  // namespace ipcbench

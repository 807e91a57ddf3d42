#include "harness/selftest/timed_check.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "results/figures/statistics.h"
#include "results/model/record.h"

namespace ipcbench {
namespace {

// The error on each side of one look: half of 5 %, divided by the looks.
constexpr double kTail = (1 - kCoverage) / 2 / static_cast<double>(kLooks.size());
// The interval of rounds after the first look; the last look comes 68 s after it.
constexpr std::chrono::milliseconds kRoundTime{500};

std::optional<Interval> interval_of(std::span<const double> readings) {
  const std::optional<MedianInterval> ranks = median_interval(readings.size(), kTail);
  if (!ranks) return std::nullopt;
  std::vector<double> sorted(readings.begin(), readings.end());
  std::sort(sorted.begin(), sorted.end());
  return Interval{sorted[ranks->low - 1], sorted[ranks->high - 1]};
}

// Returns the interval that a figure is judged by, from these readings.
std::optional<Interval> judged(const TimedFigure& figure, std::span<const double> readings) {
  if (!figure.smallest) return interval_of(readings);
  const double least = *std::min_element(readings.begin(), readings.end());
  return Interval{least, least};
}

// Returns the readings that the last look has seen; none before the first.
std::span<const double> looked_at(const std::vector<double>& readings) {
  std::size_t count = 0;
  for (const std::size_t look : kLooks) count = look <= readings.size() ? look : count;
  return std::span(readings).first(count);
}

struct Unit {
  const char* name;
  double ns;
};
Unit unit_of(double ns) {
  if (std::abs(ns) >= 1e6) return {"ms", 1e6};
  return std::abs(ns) >= 1e3 ? Unit{"us", 1e3} : Unit{"ns", 1};
}

std::string text_of(const TimedFigure& figure) {
  const std::span<const double> readings = looked_at(figure.readings);
  if (readings.empty()) return figure.name + " not read often enough";
  if (figure.smallest) {
    const double least = *std::min_element(readings.begin(), readings.end());
    const Unit unit = unit_of(least);
    return fmt::format("{} at best {:.2f} {}", figure.name, least / unit.ns, unit.name);
  }
  const double middle = median(readings);
  const Unit unit = unit_of(middle);
  std::string text = fmt::format("{} {:.2f} {}", figure.name, middle / unit.ns, unit.name);
  if (const std::optional<Interval> interval = interval_of(readings))
    text += fmt::format(" [{:.2f}, {:.2f}]", interval->low / unit.ns, interval->high / unit.ns);
  return text;
}

}  // namespace

TimedCheck::TimedCheck(std::string name, std::string expected, std::vector<TimedFigure> figures)
    : name_(std::move(name)), expected_(std::move(expected)), figures_(std::move(figures)) {}

void TimedCheck::add(std::span<const double> readings) {
  for (std::size_t i = 0; i < figures_.size(); ++i) figures_[i].readings.push_back(readings[i]);
  if (std::find(kLooks.begin(), kLooks.end(), rounds()) == kLooks.end()) return;
  bool all_inside = true, one_outside = false;
  for (const TimedFigure& figure : figures_) {
    const std::optional<Interval> interval = judged(figure, figure.readings);
    all_inside = all_inside && interval && interval->low >= figure.low && interval->high <= figure.high;
    one_outside = one_outside || (interval && (interval->high < figure.low || interval->low > figure.high));
  }
  if (all_inside) outcome_ = CheckOutcome::ok;
  if (one_outside && rounds() >= kFirstMiss) outcome_ = CheckOutcome::missed;
}

void TimedCheck::fail(std::string reason) {
  outcome_ = CheckOutcome::missed;
  failure_ = std::move(reason);
}

std::string TimedCheck::seen() const {
  if (!failure_.empty()) return failure_;
  std::string text = outcome_ == CheckOutcome::undecided ? "too noisy to decide: " : "";
  for (const TimedFigure& figure : figures_) text += text_of(figure) + ", ";
  return text + fmt::format("{} rounds", rounds());
}

std::chrono::nanoseconds wait_before_round(std::size_t round, std::chrono::nanoseconds elapsed) noexcept {
  if (round < kLooks.front()) return {};
  const auto due = static_cast<std::int64_t>(round) * std::chrono::nanoseconds(kRoundTime);
  return std::max(due - elapsed, std::chrono::nanoseconds(0));
}

}  // namespace ipcbench

#include "harness/selftest/timed_check.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "results/compare/look_until_decided.h"
#include "results/figures/statistics.h"
#include "results/model/record.h"

namespace ipcbench {
namespace {

// The interval of rounds after the first look; the last look comes 68 s after it.
constexpr std::chrono::milliseconds kRoundTime{500};

// Returns the interval that a figure is judged by, from these readings.
std::optional<Interval> judged(const TimedFigure& figure, std::span<const double> readings) {
  if (!figure.smallest) return figure_of(readings, kLooks.size()).ci95;
  const double least = *std::min_element(readings.begin(), readings.end());
  return Interval{least, least};
}

struct Unit {
  const char* name;
  double ns;
};
Unit unit_of(double ns) {
  if (std::abs(ns) >= 1e6) return {"ms", 1e6};
  return std::abs(ns) >= 1e3 ? Unit{"us", 1e3} : Unit{"ns", 1};
}

// Returns the figure after as many readings as the last look has seen.
std::string timed_figure_text(const TimedFigure& figure, std::span<const double> readings) {
  if (readings.empty()) return figure.name + " not read often enough";
  if (figure.smallest) {
    const double least = *std::min_element(readings.begin(), readings.end());
    const Unit unit = unit_of(least);
    return fmt::format("{} at best {:.2f} {}", figure.name, least / unit.ns, unit.name);
  }
  const Figure middle = figure_of(readings, kLooks.size());
  const Unit unit = unit_of(*middle.median);
  std::string text = fmt::format("{} {:.2f} {}", figure.name, *middle.median / unit.ns, unit.name);
  if (middle.ci95) text += fmt::format(" [{:.2f}, {:.2f}]", middle.ci95->low / unit.ns, middle.ci95->high / unit.ns);
  return text;
}

}  // namespace

TimedCheck::TimedCheck(std::string name, std::string expected, std::vector<TimedFigure> figures)
    : name_(std::move(name)), expected_(std::move(expected)), figures_(std::move(figures)) {}

void TimedCheck::add(std::span<const double> readings) {
  for (std::size_t i = 0; i < figures_.size(); ++i) figures_[i].readings.push_back(readings[i]);
  look_until_decided(kLooks, rounds(), [&](std::size_t count) {
    outcome_ = outcome_after(count);
    looked_at_ = count;
    return outcome_ != CheckOutcome::undecided;
  });
}

CheckOutcome TimedCheck::outcome_after(std::size_t count) const {
  bool all_inside = true, one_outside = false;
  for (const TimedFigure& figure : figures_) {
    const std::optional<Interval> interval = judged(figure, std::span(figure.readings).first(count));
    all_inside = all_inside && interval && interval->low >= figure.low && interval->high <= figure.high;
    one_outside = one_outside || (interval && (interval->high < figure.low || interval->low > figure.high));
  }
  if (all_inside) return CheckOutcome::ok;
  return one_outside && count >= kFirstMiss ? CheckOutcome::missed : CheckOutcome::undecided;
}

void TimedCheck::fail(std::string reason) {
  outcome_ = CheckOutcome::missed;
  failure_ = std::move(reason);
}

std::string TimedCheck::seen() const {
  if (!failure_.empty()) return failure_;
  std::string text = outcome_ == CheckOutcome::undecided ? "too noisy to decide: " : "";
  for (const TimedFigure& figure : figures_)
    text += timed_figure_text(figure, std::span(figure.readings).first(looked_at_)) + ", ";
  return text + fmt::format("{} rounds", rounds());
}

std::chrono::nanoseconds wait_before_round(std::size_t round, std::chrono::nanoseconds elapsed) noexcept {
  if (round < kLooks.front()) return {};
  const auto due = static_cast<std::int64_t>(round) * std::chrono::nanoseconds(kRoundTime);
  return std::max(due - elapsed, std::chrono::nanoseconds(0));
}

}  // namespace ipcbench

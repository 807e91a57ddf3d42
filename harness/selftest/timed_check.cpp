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

struct Scale {
  const char* name;
  double one;
  int decimals;
};
Scale scale_of(const TimedFigure& figure, double value) {
  if (figure.unit == FigureUnit::none) return {"", 1, 3};
  if (std::abs(value) >= 1e6) return {" ms", 1e6, 2};
  return std::abs(value) >= 1e3 ? Scale{" us", 1e3, 2} : Scale{" ns", 1, 2};
}
std::string number_in(const Scale& scale, double value) {
  return fmt::format("{:.{}f}", value / scale.one, scale.decimals);
}

// Returns the figure after as many readings as the last look has seen.
std::string timed_figure_text(const TimedFigure& figure, std::span<const double> readings) {
  if (readings.empty()) return figure.name + " not read often enough";
  if (figure.smallest) {
    const double least = *std::min_element(readings.begin(), readings.end());
    const Scale scale = scale_of(figure, least);
    return fmt::format("{} at best {}{}", figure.name, number_in(scale, least), scale.name);
  }
  const Figure middle = figure_of(readings, kLooks.size());
  const Scale scale = scale_of(figure, *middle.median);
  std::string text = fmt::format("{} {}{}", figure.name, number_in(scale, *middle.median), scale.name);
  if (middle.ci95)
    text += fmt::format(" [{}, {}]", number_in(scale, middle.ci95->low), number_in(scale, middle.ci95->high));
  return text;
}

}  // namespace

TimedCheck::TimedCheck(std::string name, std::string expected, std::vector<TimedFigure> figures, std::size_t first_miss)
    : name_(std::move(name)), expected_(std::move(expected)), figures_(std::move(figures)), first_miss_(first_miss) {}

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
    const double least = figure.noise_low.value_or(figure.low), most = figure.noise_high.value_or(figure.high);
    one_outside = one_outside || (interval && (interval->high < least || interval->low > most));
  }
  if (all_inside) return CheckOutcome::ok;
  return one_outside && count >= first_miss_ ? CheckOutcome::missed : CheckOutcome::undecided;
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

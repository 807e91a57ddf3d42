#include "harness/plan/load_points.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/plan/open_loop_lengths.h"
#include "harness/plan/plan_time.h"
#include "harness/suite/duration.h"

namespace ipcbench {
namespace {

using std::chrono::nanoseconds;

// Names a rate of open loops: a share of the saturation in per cent, or a given rate.
struct RatePoint {
  bool is_share;
  std::uint64_t value;
  friend auto operator<=>(const RatePoint&, const RatePoint&) = default;
};

std::optional<RatePoint> rate_point_of(const PlannedCase& planned) {
  const OpenLoop loop = open_loop_of(planned.spec);
  if (loop.load_percent != 0) return RatePoint{true, loop.load_percent};
  return loop.rate_per_s != 0 ? std::optional(RatePoint{false, loop.rate_per_s}) : std::nullopt;
}

std::set<RatePoint> points_of(const Plan& plan) {
  std::set<RatePoint> points;
  for (const PlannedCase& planned : plan.cases) {
    if (const std::optional<RatePoint> point = rate_point_of(planned); point && planned.skip_reason.empty())
      points.insert(*point);
  }
  return points;
}

std::vector<std::uint64_t> values_of(const std::set<RatePoint>& points, bool is_share) {
  std::vector<std::uint64_t> values;
  for (const RatePoint& point : points) {
    if (point.is_share == is_share) values.push_back(point.value);
  }
  return values;
}

// Returns the share between two others that is nearest to the one below it.
std::uint64_t nearest_share(const std::vector<std::uint64_t>& shares) {
  std::size_t nearest = 1;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i + 1 < shares.size(); ++i) {
    const double ratio = static_cast<double>(shares[i]) / static_cast<double>(shares[i - 1]);
    if (ratio < least) {
      least = ratio;
      nearest = i;
    }
  }
  return shares[nearest];
}

// Returns the point that tells least beside the others, of at least two.
RatePoint least_needed(const std::set<RatePoint>& points) {
  const std::vector<std::uint64_t> shares = values_of(points, true), rates = values_of(points, false);
  if (shares.size() > 2) return {true, nearest_share(shares)};
  if (!rates.empty()) return {false, rates.back()};
  return {true, shares.front()};
}

std::string to_string(const RatePoint& point) {
  return point.is_share ? fmt::format("{} %", point.value) : fmt::format("{}/s", point.value);
}

}  // namespace

bool is_point(std::string_view option) noexcept { return option == kLoadOption || option == kRateOption; }

bool is_of_paced_loads(std::string_view option) noexcept {
  return is_point(option) || option == kScheduleOption || option == kPacerOption;
}

void set_points(Suite& suite, const std::vector<std::string>& shares, const std::vector<std::string>& rates) {
  if (suite.groups.empty()) return;
  CaseGroup group = suite.groups.front();
  std::erase_if(group.options, [](const auto& option) { return is_point(option.first); });
  suite.groups = {group};  // with neither, all messages are due at once
  for (const auto& [name, values] : {std::pair(kLoadOption, &shares), std::pair(kRateOption, &rates)}) {
    if (values->empty()) continue;
    CaseGroup points = group;
    for (const std::string& value : *values) points.options.emplace_back(name, value);
    suite.groups.push_back(std::move(points));
  }
  suite.most_load = 0;
}

void fit_points_to_budget(Plan& plan, nanoseconds budget) {
  if (budget <= nanoseconds::zero()) return;
  constexpr int kReserve = 20;  // a part in that many, for launches that noise lengthens
  const nanoseconds usable = budget - budget / kReserve;
  const nanoseconds wanted = plan.block;
  const auto total_with = [&](nanoseconds block) {
    plan.block = std::max(block, kShortestSchedule);
    return estimate(plan).total;
  };
  std::vector<std::string> left_out;
  for (std::set<RatePoint> points = points_of(plan); points.size() > 1 && total_with(kShortestSchedule) > usable;) {
    const RatePoint point = least_needed(points);
    std::erase_if(plan.cases, [&](const PlannedCase& planned) { return rate_point_of(planned) == point; });
    points.erase(point);
    left_out.push_back(to_string(point));
  }
  plan.block = std::max(block_within(wanted, usable, total_with), std::min(wanted, kShortestSchedule));
  const std::string length = format_duration(budget);
  if (!left_out.empty()) plan.notes.push_back(fmt::format("left out to fit {}: {}", length, fmt::join(left_out, ", ")));
  if (plan.block < wanted) {
    plan.notes.push_back(fmt::format("blocks shortened from {} to {} to fit {}", format_duration(wanted),
                                     format_duration(plan.block), length));
  }
  if (const nanoseconds total = estimate(plan).total; total > budget) {
    plan.notes.push_back(fmt::format("takes about {}, over the budget of {}: select fewer cases to stay within it",
                                     format_duration(total), length));
  }
}

}  // namespace ipcbench

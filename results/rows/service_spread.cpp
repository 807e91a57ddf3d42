#include "results/rows/service_spread.h"

#include <algorithm>
#include <limits>
#include <set>

#include "results/compare/comparability.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

// Returns the figure at that service time; nullptr if it wasn't measured.
const Figure* rate_at(const CastLine& line, double service_ns) {
  const auto point = std::ranges::find(line.points, service_ns, &CastPoint::at);
  if (point == line.points.end()) return nullptr;
  const Figure& rate = cast_rate(*point->measured);
  return rate.median && *rate.median > 0 ? &rate : nullptr;
}

SpreadPoint spread_of(double service_ns, const std::vector<const Figure*>& rates) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double most = 0, least = kInfinity;
  Interval top{0, 0}, bottom{kInfinity, kInfinity};  // where the highest rate lies, and the lowest
  bool has_interval = true;
  for (const Figure* rate : rates) {
    most = std::max(most, *rate->median);
    least = std::min(least, *rate->median);
    has_interval = has_interval && rate->ci95 && rate->ci95->low > 0;
    if (!has_interval) continue;
    top = {std::max(top.low, rate->ci95->low), std::max(top.high, rate->ci95->high)};
    bottom = {std::min(bottom.low, rate->ci95->low), std::min(bottom.high, rate->ci95->high)};
  }
  SpreadPoint point{.service_ns = service_ns, .ratio = most / least, .interval = {}, .rows = rates.size()};
  if (has_interval) point.interval = Interval{std::max(1.0, top.low / bottom.high), top.high / bottom.low};
  return point;
}

}  // namespace

bool is_row_of_spread(const CastLine& line) {
  return std::ranges::all_of(line.points, [](const CastPoint& point) {
    const CaseRecord& c = *point.measured;
    return c.wait == WaitStrategy::block && may_be_ranked(c) && !is_limited(c);
  });
}

std::vector<SpreadPoint> rate_spread(const std::vector<CastLine>& lines) {
  std::vector<const CastLine*> rows;
  for (const CastLine& line : lines) {
    if (is_row_of_spread(line) && (rows.empty() || line.any().size == rows.front()->any().size)) rows.push_back(&line);
  }
  std::set<double> times;
  for (const CastLine* row : rows) {
    for (const CastPoint& point : row->points) times.insert(point.at);
  }
  std::erase_if(rows, [&](const CastLine* row) {
    return std::ranges::any_of(times, [&](double at) { return rate_at(*row, at) == nullptr; });
  });
  std::vector<SpreadPoint> spread;
  if (rows.size() < 2) return spread;
  for (const double at : times) {
    std::vector<const Figure*> rates;
    for (const CastLine* row : rows) rates.push_back(rate_at(*row, at));
    spread.push_back(spread_of(at, rates));
  }
  return spread;
}

std::optional<double> even_from(const std::vector<SpreadPoint>& spread) {
  std::optional<double> from;
  for (const SpreadPoint& point : spread) {
    const bool is_even = point.interval && point.interval->high < kEvenRatio;
    if (!is_even) {
      from.reset();
    } else if (!from) {
      from = point.service_ns;
    }
  }
  return from;
}

}  // namespace ipcbench

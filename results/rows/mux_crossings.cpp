#include "results/rows/mux_crossings.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "results/figures/cast_lines.h"
#include "results/figures/load_summary.h"
#include "results/figures/pass_values.h"
#include "scenarios/list/cast.h"

namespace ipcbench {
namespace {

bool is_of_channels(const CastLine& line) { return counted_seats(line.any()) == kChannelsOption; }

// Returns whether two lines differ by their mux alone.
bool are_alike(const CastLine& one, const CastLine& other) {
  const auto key = [](const CastLine& line) {
    return id_without(line.any(), {kChannelsOption, kActiveOption, kMuxOption});
  };
  return one.subject == other.subject && key(one) == key(other);
}

// Compares the rates of two lines at each number of channels that both have.
std::vector<MuxPoint> points_of(const CastLine& line, const CastLine& base) {
  std::vector<MuxPoint> points;
  for (const CastPoint& point : line.points) {
    const auto other = std::ranges::find(base.points, point.at, &CastPoint::at);
    if (other == base.points.end()) continue;
    const FigureInfo* rate = info_of(*point.measured, cast_rate(*point.measured));
    if (rate == nullptr) continue;
    const Ratio ratio = ratio_of(*point.measured, *other->measured, *rate);
    if (ratio.median) points.push_back({.channels = point.at, .ratio = ratio});
  }
  return points;
}

bool is_surely_below(const MuxPoint& point) { return point.ratio.interval && point.ratio.interval->high < 1; }
bool is_surely_above(const MuxPoint& point) { return point.ratio.interval && point.ratio.interval->low > 1; }

// Returns where the line through two points, on logarithmic axes, is 1.
double crossing_between(const MuxPoint& before, const MuxPoint& after) {
  const double low = std::log(*before.ratio.median), high = std::log(*after.ratio.median);
  const double share = high == low ? 0.5 : std::clamp(-low / (high - low), 0.0, 1.0);
  return before.channels * std::pow(after.channels / before.channels, share);
}

void find_crossing(MuxCrossing& found) {
  const std::vector<MuxPoint>& points = found.points;
  const auto last = std::find_if(points.rbegin(), points.rend(), is_surely_below);
  const auto rest = last.base();  // the points behind it
  if (last != points.rend()) found.surely_few = last->channels;
  const auto first = std::find_if(rest, points.end(), is_surely_above);
  if (first != points.end()) found.surely_many = first->channels;
  if (!found.surely_few || !found.surely_many) return;
  const auto above = std::find_if(rest, first, [](const MuxPoint& point) { return *point.ratio.median >= 1; });
  found.crossing = crossing_between(*(above - 1), *above);
}

MuxCrossing crossing_of(const CastLine& one, const CastLine& other) {
  std::vector<MuxPoint> points = points_of(other, one);
  // The first is the one that is better where the channels are fewest.
  const bool is_swapped = !points.empty() && *points.front().ratio.median > 1;
  if (is_swapped) points = points_of(one, other);
  MuxCrossing found{.any = &one.any(),
                    .active = one.subject.active.empty() ? "all" : one.subject.active,
                    .few = is_swapped ? other.form : one.form,
                    .many = is_swapped ? one.form : other.form,
                    .points = std::move(points)};
  find_crossing(found);
  return found;
}

}  // namespace

std::vector<MuxCrossing> mux_crossings(const Result& result) {
  const std::vector<CastLine> lines = lines_by_seats(result);
  std::vector<MuxCrossing> all;
  for (auto one = lines.begin(); one != lines.end(); ++one) {
    if (!is_of_channels(*one)) continue;
    for (auto other = one + 1; other != lines.end(); ++other) {
      if (!is_of_channels(*other) || !are_alike(*one, *other)) continue;
      MuxCrossing found = crossing_of(*one, *other);
      if (found.points.size() > 1) all.push_back(std::move(found));
    }
  }
  return all;
}

}  // namespace ipcbench

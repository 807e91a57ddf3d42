#include "results/figures/load_curves.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "results/figures/cast_lines.h"
#include "results/figures/load_summary.h"
#include "scenarios/list/cast.h"
#include "scenarios/list/open_loop.h"

namespace ipcbench {
namespace {

// Returns a case's id without these options.
std::string curve_key(const CaseRecord& c) { return id_without(c, {kRateOption, kLoadOption}); }

// Saturation has neither a schedule nor anything to wait for.
std::string saturation_key(const CaseRecord& c) {
  return id_without(c, {kRateOption, kLoadOption, kScheduleOption, kPacerOption});
}

}  // namespace

std::optional<double> planned_rate(const CaseRecord& c) {
  if (c.rate_per_s) return static_cast<double>(*c.rate_per_s);
  const std::string text = scenario_option(c, kRateOption);
  std::uint64_t rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  if (error != std::errc() || end != text.data() + text.size() || rate == 0) return std::nullopt;
  return static_cast<double>(rate);
}

std::vector<LoadCurve> load_curves(const Result& result) {
  std::vector<LoadCurve> curves;
  std::map<std::string, const CaseRecord*> saturations;
  for (const CaseRecord& c : result.cases) {
    if (c.status != Status::ok || !c.summary.is_open_loop) continue;
    if (measures_saturation(c)) {
      saturations.emplace(saturation_key(c), &c);
      continue;
    }
    const std::optional<double> rate = planned_rate(c);
    if (!rate) continue;
    const std::string key = curve_key(c);
    auto curve = std::ranges::find(curves, key, &LoadCurve::key);
    if (curve == curves.end()) curve = curves.insert(curve, LoadCurve{.key = key});
    curve->points.push_back({.measured = &c, .rate_per_s = *rate});
  }
  for (LoadCurve& curve : curves) {
    std::ranges::stable_sort(curve.points, {}, &LoadPoint::rate_per_s);
    const auto found = saturations.find(saturation_key(curve.any()));
    if (found == saturations.end()) continue;
    curve.saturation = found->second;
    const std::optional<double>& most = curve.saturation->summary.saturation_per_s.median;
    if (!most || !(*most > 0)) continue;
    for (LoadPoint& point : curve.points) point.share = point.rate_per_s / *most;
  }
  return curves;
}

std::vector<AtPlacement<LoadCurve>> curves_by_placement(const Result& result) {
  std::vector<LoadCurve> curves = load_curves(result);
  std::erase_if(curves, [](const LoadCurve& curve) { return curve.points.size() < 2; });
  return by_placement(std::move(curves));
}

std::vector<std::string> curve_names(const std::vector<LoadCurve>& curves) {
  std::set<std::uint64_t> sizes;
  std::map<std::string_view, std::set<std::string>> kinds;
  constexpr std::array kKinds = {kScheduleOption, kFormOption, kPacerOption};
  for (const LoadCurve& curve : curves) {
    if (curve.any().size != 0) sizes.insert(curve.any().size);
    for (const std::string_view option : kKinds) kinds[option].insert(scenario_option(curve.any(), option));
  }
  std::vector<std::string> names;
  for (const LoadCurve& curve : curves) {
    const CaseRecord& any = curve.any();
    std::string name = channel_name(any, sizes.size() > 1);
    if (any.summary.has_cast) name += fmt::format(" {} {}", seats_text(any), scenario_option(any, kSharingOption));
    for (const std::string_view option : kKinds) {
      if (kinds[option].size() < 2) continue;
      name += fmt::format(" {}{}", option == kPacerOption ? "pacer " : "", scenario_option(any, option));
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace ipcbench

#include "results/figures/pass_values.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

namespace ipcbench {

std::vector<PassValue> used_values(const CaseRecord& c, const FigureInfo& figure) {
  std::vector<PassValue> values;
  if (figure.of_launch == nullptr) return values;
  for (const LaunchRecord& launch : c.launches) {
    const std::optional<double> value = launch.used ? figure.of_launch(c, launch) : std::nullopt;
    if (value && *value > 0 && std::isfinite(*value)) values.push_back({launch.pass, *value});
  }
  return values;
}

const FigureInfo* info_of(const CaseRecord& c, const Figure& figure) noexcept {
  const std::span<const FigureInfo> all = figure_catalogue();
  const auto known =
      std::ranges::find_if(all, [&](const FigureInfo& info) { return &(c.summary.*info.figure) == &figure; });
  return known == all.end() ? nullptr : &*known;
}

const FigureInfo& find_figure(std::string_view key) {
  const std::span<const FigureInfo> all = figure_catalogue();
  const auto known = std::ranges::find(all, key, &FigureInfo::key);
  if (known == all.end()) throw std::out_of_range("no figure " + std::string(key));
  return *known;
}

}  // namespace ipcbench

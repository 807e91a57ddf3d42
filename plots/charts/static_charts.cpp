#include "plots/charts/static_charts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "plots/charts/charts.h"
#include "plots/charts/gnuplot.h"

namespace ipcbench {
namespace {

struct Counterpart {
  std::string_view page;   // id of the page's chart
  std::string_view chart;  // prefix of the name of gnuplot's chart
};

constexpr std::array kCounterparts = {
    Counterpart{"distribution", "percentiles-"},
    Counterpart{"latency-size", "latency-"},
    Counterpart{"throughput", "throughput-"},
    Counterpart{"load-latency", "load-"},
    Counterpart{"load-cpu", "load-cpu-"},
    Counterpart{"load-times", "load-times-"},
    Counterpart{"load-idle", "idle-"},
    Counterpart{"cast-rate", "cast-rate-"},
    Counterpart{"cast-worst", "cast-worst-"},
    Counterpart{"cast-fairness", "cast-fairness-"},
    Counterpart{"cast-service", "cast-service-"},
    Counterpart{"cpu-latency", "cpu-"},
    Counterpart{"memory", "memory"},
    Counterpart{"setup", "setup"},
};

// Returns whether the chart is this one's counterpart, and not that of a longer prefix.
bool is_chart_of(const Chart& chart, const Counterpart& counterpart) {
  const auto begins_longer = [&](const Counterpart& other) {
    return other.chart.size() > counterpart.chart.size() && chart.name.starts_with(other.chart);
  };
  return chart.name.starts_with(counterpart.chart) && std::ranges::none_of(kCounterparts, begins_longer);
}

void erase_all(std::string& text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at)) text.erase(at, part.size());
}

// Removes gnuplot's empty groups and attributes with default values (SVG 1.1, 11.4), which saves a third of a page.
std::string slimmed(std::string svg) {
  erase_all(svg, " stroke-linecap=\"butt\" stroke-linejoin=\"miter\"");
  erase_all(svg, " stroke-width=\"1.00\"");
  constexpr std::string_view kEmptied = ">\n</g>\n";
  std::string slim;
  std::size_t done = 0;
  for (std::size_t at = svg.find(kEmptied); at != std::string::npos; at = svg.find(kEmptied, at + 1)) {
    const std::size_t begin = svg.rfind('<', at);
    if (begin < done || svg.compare(begin, 3, "<g ") != 0) continue;
    slim.append(svg, done, begin - done);
    done = at + kEmptied.size();
  }
  return slim.append(svg, done);
}

}  // namespace

std::vector<StaticChart> static_charts(const ComparedResult& compared) {
  if (gnuplot_program().empty()) return {};
  constexpr std::array kSvg = {ImageFormat::svg};
  const std::vector<Chart> all = charts_of(compared, kSvg);
  std::vector<StaticChart> drawings;
  std::vector<Chart> chosen;
  for (const Counterpart& counterpart : kCounterparts) {
    const auto chart = std::ranges::find_if(all, [&](const Chart& c) { return is_chart_of(c, counterpart); });
    if (chart == all.end()) continue;
    drawings.push_back({std::string(counterpart.page), ""});
    chosen.push_back(*chart);
  }
  if (chosen.empty()) return {};
  const DrawingFolder place;
  std::vector<std::string> svgs = drawn_in(place.path(), chosen);
  for (std::size_t i = 0; i < drawings.size(); ++i) drawings[i].svg = slimmed(std::move(svgs[i]));
  return drawings;
}

}  // namespace ipcbench

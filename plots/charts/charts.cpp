#include "plots/charts/charts.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/base/fnv1a.h"
#include "harness/base/io.h"
#include "harness/base/usage_error.h"
#include "harness/files/output_file.h"
#include "plots/charts/cast_charts.h"
#include "plots/charts/chart_data.h"
#include "plots/charts/gnuplot.h"
#include "plots/charts/gnuplot_templates.h"
#include "plots/charts/idle_charts.h"
#include "plots/charts/load_charts.h"
#include "results/model/limits.h"
#include "results/model/number_text.h"

namespace ipcbench {
namespace {

constexpr std::array<std::string_view, 2> kEndings = {"svg", "png"};
constexpr std::array<std::string_view, 2> kTerminals = {
    "svg size 1000,560 dynamic noenhanced font 'sans-serif,14' background '#ffffff'",
    "pngcairo size 1400,784 noenhanced font 'sans,13' background '#ffffff'"};

constexpr const char* kBinaryTics =
    "set ytics ('64 B' 64, '256 B' 256, '1 KiB' 1024, '4 KiB' 4096, '16 KiB' 16384, '64 KiB' 65536, '256 KiB' 262144, "
    "'1 MiB' 1048576, '4 MiB' 4194304, '16 MiB' 16777216, '64 MiB' 67108864)";

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// Our own marks beside a name: for lower bounds and for what a limit of the host changed.
constexpr std::array<std::string_view, 2> kMarks = {"≥", kLimitMark};

// Removes quotes, back-quotes, control characters and all else that gnuplot interprets.
std::string safe_label(std::string_view text) {
  constexpr std::size_t kMost = 120;
  std::string label;
  while (!text.empty() && label.size() < kMost) {
    const auto mark = std::ranges::find_if(kMarks, [&](std::string_view one) { return text.starts_with(one); });
    if (mark != kMarks.end()) {
      label += *mark;
      text.remove_prefix(mark->size());
      continue;
    }
    const bool harmless = is_plain(text[0]) || std::string_view(" -=.,/+()%:").find(text[0]) != std::string_view::npos;
    label += harmless ? text[0] : '_';
    text.remove_prefix(1);
  }
  return label;
}

// Makes text safe for a file name.
std::string safe_name(std::string_view text) {
  constexpr std::size_t kMost = 80;
  std::string name;
  for (const char c : text.substr(0, kMost)) name += is_plain(c) ? c : '-';
  return name;
}

void replace_all(std::string& text, std::string_view key, std::string_view value) {
  for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + value.size())) {
    text.replace(at, key.size(), value);
  }
}

std::string line_of(const ChartData& data, const ChartPoint& point) {
  if (data.kind == "dots") return fmt::format("{}\t{}\n", safe_label(point.label), number_or_nan(point.y));
  if (data.kind == "costs") {
    return fmt::format("{}\t{}\t{}\n", number_or_nan(point.x), number_or_nan(point.y), safe_label(point.label));
  }
  if (data.kind == "loads" || data.kind == "silences") {
    return fmt::format("{}\t{}\t{}\t{}\t{}\n", number_or_nan(point.x), number_or_nan(point.y),
                       number_or_nan(point.interval.low), number_or_nan(point.interval.high),
                       number_or_nan(point.second));
  }
  if (data.kind == "percentiles") return fmt::format("{}\t{}\n", number_or_nan(point.x), number_or_nan(point.y));
  return fmt::format("{}\t{}\t{}\t{}\n", number_or_nan(point.x), number_or_nan(point.y),
                     number_or_nan(point.interval.low), number_or_nan(point.interval.high));
}

// Returns a block for each series of "loads", after those of their points.
std::string saturations_text(const ChartData& data) {
  std::string text;
  for (const ChartSeries& series : data.series) {
    const ChartSaturation none{std::nan(""), {std::nan(""), std::nan("")}};
    const ChartSaturation& one = series.saturation ? *series.saturation : none;
    text += fmt::format("\n\n{} saturation\n{}\t{}\t{}\n", safe_label(series.label), number_or_nan(one.most),
                        number_or_nan(one.interval.low), number_or_nan(one.interval.high));
  }
  return text;
}

// Returns the lowest and the highest figure of all points and intervals.
Interval range_of(const ChartData& data) {
  Interval range{std::numeric_limits<double>::max(), 0};
  for (const ChartSeries& series : data.series) {
    for (const ChartPoint& point : series.points) {
      for (const double value : {point.y, point.interval.low, point.interval.high, point.second}) {
        if (value > 0) range = {std::min(range.low, value), std::max(range.high, value)};
      }
    }
  }
  return range;
}

// Separates blocks by two empty lines, which gnuplot's `index` counts.
std::string data_text(const ChartData& data) {
  std::string text = fmt::format("# {}\n", safe_label(data.title));
  for (const ChartSeries& series : data.series) {
    if (&series != data.series.data()) text += "\n\n";
    text += safe_label(series.label) + "\n";
    for (const ChartPoint& point : series.points) text += line_of(data, point);
  }
  if (!data.spread.empty()) text += fmt::format("\n\nhighest / lowest\n");
  for (const ChartPoint& point : data.spread) text += line_of(data, point);
  return data.kind == "loads" ? text + saturations_text(data) : text;
}

// Returns a number of an axis with few numbers: a time in its largest unit, or a count.
std::string tick_text(double number, bool is_time) {
  if (!is_time || !(number > 0)) return fmt::format("{:.0f}", number);
  constexpr std::array<std::pair<double, const char*>, 4> kUnits = {{{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1, "ns"}}};
  for (const auto& [ns, name] : kUnits) {
    if (number >= ns) return fmt::format("{:.4g} {}", number / ns, name);
  }
  return fmt::format("{:.4g} ns", number);
}

// Fills in what "casts" have of their own: ticks at the numbers that were measured, and the place of 0 before them.
void fill_casts(std::string& text, const ChartData& data) {
  constexpr std::size_t kMostTicks = 12;
  std::set<double> numbers;
  for (const ChartSeries& series : data.series) {
    for (const ChartPoint& point : series.points) numbers.insert(point.x);
  }
  const auto positive = std::ranges::find_if(numbers, [](double number) { return number > 0; });
  const double zero = positive == numbers.end() ? 1 : *positive / 10;
  const std::size_t every = 1 + (numbers.size() - 1) / kMostTicks;
  std::string ticks;
  std::size_t place = 0;
  for (const double number : numbers) {
    if (place++ % every != 0) continue;
    ticks += fmt::format("{}'{}' {}", ticks.empty() ? "" : ", ", tick_text(number, data.x_is_time),
                         number_or_nan(number > 0 ? number : zero));
  }
  replace_all(text, "@XTICS@", ticks);
  replace_all(text, "@ZERO@", number_or_nan(zero));
  replace_all(text, "@LINEAR@", data.is_linear ? "1" : "0");
  replace_all(text, "@SPREADS@", data.spread.empty() ? "0" : "1");
}

// Returns the range of y. That of an index ends at 1 and has at least a tenth.
Interval axis_range(const ChartData& data) {
  const Interval range = range_of(data);
  if (!data.is_linear) return range;
  return {std::min(0.9, std::floor(range.low * 10 - 0.1) / 10), 1.005};
}

// Returns the styles of all series but the floors, which have their own.
std::string styles_of(const ChartData& data) {
  constexpr int kStyles = 10;
  std::string text;
  int place = 0;
  for (const ChartSeries& series : data.series) {
    if (series.is_floor) continue;
    const int style = series.style > 0 ? series.style : place++ % kStyles + 1;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", style);
  }
  return text;
}

std::string script_text(const ChartData& data, const std::string& name, std::span<const ImageFormat> formats) {
  std::string text;
  std::string again;
  for (const ImageFormat format : formats) {
    const auto at = static_cast<std::size_t>(format);
    const std::string target = fmt::format("set terminal {}\nset output '{}.{}'\n", kTerminals[at], name, kEndings[at]);
    if (text.empty()) {
      text = target;
    } else {
      again += target + "replot\n";
    }
  }
  const auto floors = std::ranges::count_if(data.series, &ChartSeries::is_floor);
  const bool has_range = data.kind == "loads" || data.kind == "casts";
  text += fmt::format("{}{}{}{}", gnuplot_template("style"),
                      has_range && !data.is_linear ? gnuplot_template("log_ticks") : "", gnuplot_template(data.kind),
                      again);
  replace_all(text, "@TITLE@", safe_label(data.title));
  replace_all(text, "@XLABEL@", data.x_label);
  replace_all(text, "@YLABEL@", data.y_label);
  replace_all(text, "@NAME@", name);
  replace_all(text, "@UNIT@", data.unit);
  replace_all(text, "@STYLES@", styles_of(data));
  replace_all(text, "@YTICS@", data.binary ? kBinaryTics : fmt::format("set format y '%.0s %c{}'", data.unit));
  replace_all(text, "@SCALE@", number_or_nan(data.scale));
  replace_all(text, "@SERIES@", std::to_string(std::ssize(data.series) - floors));
  replace_all(text, "@FLOORS@", std::to_string(floors));
  if (data.kind == "casts") fill_casts(text, data);
  if (has_range) {
    const Interval range = axis_range(data);
    replace_all(text, "@LOW@", number_or_nan(range.low));
    replace_all(text, "@HIGH@", number_or_nan(range.high));
  }
  if (data.kind == "loads") {
    replace_all(text, "@SECOND@", data.second);
    const bool any = std::ranges::any_of(data.series, [](const ChartSeries& s) { return s.saturation.has_value(); });
    replace_all(text, "@ARROW@", any ? "saturation" : "");
  }
  replace_all(text, "@ROWS@", std::to_string(data.series.front().points.size()));
  return text;
}

void make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw std::system_error(error, "make the folder " + folder);
}

std::vector<std::string> write_files(const std::vector<Chart>& charts, const std::string& folder) {
  make_folder(folder);
  std::vector<std::string> files;
  for (const Chart& chart : charts) {
    for (const auto& [ending, text] : {std::pair(".dat", &chart.data), std::pair(".gp", &chart.script)}) {
      files.push_back(fmt::format("{}/{}{}", folder, chart.name, ending));
      write_file_atomically(files.back(), *text);
    }
  }
  return files;
}

}  // namespace

std::vector<Chart> charts_of(const ComparedResult& compared, std::span<const ImageFormat> formats) {
  std::vector<Chart> charts;
  std::set<std::string> taken;
  std::vector<ChartData> all = chart_data_of(compared);
  for (ChartData& data : load_charts(compared.result)) all.push_back(std::move(data));
  for (ChartData& data : idle_charts(compared.result)) all.push_back(std::move(data));
  for (ChartData& data : cast_charts(compared.result)) all.push_back(std::move(data));
  for (const ChartData& data : all) {
    std::string name = safe_name(data.name);
    while (!taken.insert(name).second) name += '-';
    charts.push_back({name, safe_label(data.title), data_text(data), script_text(data, name, formats)});
  }
  return charts;
}

std::string chart_digest(const Chart& chart) {
  return fmt::format("{:016x}", fnv1a_64(chart.script, fnv1a_64(chart.data)));
}

std::vector<std::string> write_chart_data(const ComparedResult& compared, const std::string& folder) {
  return write_files(charts_of(compared), folder);
}

std::vector<std::string> drawn_in(const std::string& folder, const std::vector<Chart>& charts) {
  write_files(charts, folder);
  std::string script;
  for (const Chart& chart : charts) script += fmt::format("load '{}.gp'\nset output\nreset session\n", chart.name);
  write_file_atomically(folder + "/all.gp", script);
  run_gnuplot(gnuplot_program(), folder, "all.gp");
  std::vector<std::string> drawings;
  for (const Chart& chart : charts) drawings.push_back(read_file(fmt::format("{}/{}.svg", folder, chart.name)));
  return drawings;
}

std::vector<std::string> write_charts(const ComparedResult& compared, const std::string& folder,
                                      std::span<const ImageFormat> formats) {
  const std::string program = gnuplot_program();
  if (program.empty()) {
    throw UsageError(
        "charts are drawn by gnuplot, which is not in PATH: install the package gnuplot-nox (the tables need nothing)");
  }
  const std::vector<Chart> charts = charts_of(compared, formats);
  write_files(charts, folder);
  const DrawingFolder place;
  write_files(charts, place.path());
  std::vector<std::string> images;
  for (const Chart& chart : charts) {
    run_gnuplot(program, place.path(), chart.name + ".gp");
    for (const ImageFormat format : formats) {
      const std::string name = fmt::format("{}.{}", chart.name, kEndings[static_cast<std::size_t>(format)]);
      std::string image = read_file(place.path() + '/' + name);
      if (format == ImageFormat::svg) image += fmt::format("<!-- ipcbench {} -->\n", chart_digest(chart));
      images.push_back(folder + '/' + name);
      write_file_atomically(images.back(), image);
    }
  }
  return images;
}

}  // namespace ipcbench

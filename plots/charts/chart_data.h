#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/claims/sources_table.h"
#include "results/model/record.h"

// Selects what the charts show, before any of it becomes text for gnuplot.

namespace ipcbench {

struct ChartPoint {
  double x = 0, y = 0;
  Interval interval;  // of y; zero width: drawn as a point
  std::string label;  // label of this point; "" for none
  double second = 0;  // of "loads" and "silences": another figure at x, NaN if there is none
};

// The rate that a channel carries at most, with its interval.
struct ChartSaturation {
  double most;
  Interval interval;
};

struct ChartSeries {
  std::string label;
  std::vector<ChartPoint> points;
  int style = 0;  // line style; 0: by position
  bool is_floor = false;
  std::optional<ChartSaturation> saturation = {};  // of "loads"
};

struct ChartData {
  std::string kind;  // template: "sizes", "percentiles", "costs", "dots", "silences", "loads", "casts"
  std::string name, title;
  std::string x_label, y_label;
  std::string unit;                     // unit of y, behind an SI prefix: "s", "B/s"
  double scale = 1;                     // factor from the stored unit to `unit`
  bool binary = false;                  // prefixes are powers of 1024
  std::vector<ChartSeries> series;      // floors last
  std::string second = {};              // of "loads": what the points' second figure is; "": they have none
  bool is_linear = false;               // of "casts": y is an index up to 1
  bool x_is_time = false;               // of "casts": x is ns, else a count
  std::vector<ChartPoint> spread = {};  // of "casts": a ratio on an axis of its own
};

// Explains the mark of what a limit changed in the title, if any label has it.
void explain_mark(ChartData& data);

// Returns the charts in the order of charts_of(), without empty ones, load_charts(), idle_charts() and
// cast_charts().
std::vector<ChartData> chart_data_of(const ComparedResult& compared);

}  // namespace ipcbench

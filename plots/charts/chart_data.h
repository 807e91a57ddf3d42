#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "results/model/record.h"

// What the charts show, before any of it is text for gnuplot.

namespace ipcbench {

struct ChartPoint {
  double x = 0, y = 0;
  Interval interval;  // of y; a point where there is none
  std::string label;  // of this point; "" for none
};

struct ChartSeries {
  std::string label;
  std::vector<ChartPoint> points;
  int style = 0;  // of the line; 0: by its place
  bool is_floor = false;
};

struct ChartData {
  std::string kind;  // of the template: "sizes", "percentiles", "costs", "dots"
  std::string name, title;
  std::string x_label, y_label;
  std::string unit;                 // of y, behind an SI prefix: "s", "B/s"
  double scale = 1;                 // from the stored unit to that
  bool binary = false;              // its prefixes are powers of 1024
  std::vector<ChartSeries> series;  // floors last
};

// In the order of charts_of(); without those that have nothing to show.
std::vector<ChartData> chart_data_of(const Result& result);

}  // namespace ipcbench

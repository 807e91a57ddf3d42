#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "results/model/record.h"

// Charts for paper, README and pages without scripts, drawn by gnuplot from templates (plots/charts/gnuplot/). Labels
// come from result files that nobody vouches for: they reach gnuplot as data alone, without what it would take for
// syntax.

namespace ipcbench {

enum class ImageFormat : std::uint8_t { svg, png };
inline constexpr std::array kImageFormats = {ImageFormat::svg, ImageFormat::png};

struct Chart {
  std::string name;    // "throughput-same-cpu": a file's name without its ending, of letters, digits and '-'
  std::string title;   // "Throughput, same-cpu"
  std::string data;    // NAME.dat: blocks of tab-separated columns, the first line of each its label
  std::string script;  // NAME.gp: reads that, writes NAME.svg and the like into its working directory
};

// Those that the result has data for, in this order, for each placement: latency against size, throughput in bytes and
// in messages against size, percentiles, CPU time against latency; then memory and set-up. The result is summarised.
std::vector<Chart> charts_of(const Result& result, std::span<const ImageFormat> formats = kImageFormats);

// Data and scripts alone; returns the files' paths. Throws std::system_error that names the file.
std::vector<std::string> write_chart_data(const Result& result, const std::string& folder);

// The charts as well, in a folder that is made if it isn't there; returns the images' paths. An SVG ends in a comment
// with chart_digest(). Throws UsageError where there is no gnuplot, std::system_error where it fails or a file can't be
// written.
std::vector<std::string> write_charts(const Result& result, const std::string& folder,
                                      std::span<const ImageFormat> formats = kImageFormats);

// These alone, by one process of gnuplot, which must be there: their SVGs, in order. `folder` is there and holds what
// gnuplot reads and writes. Throws std::system_error.
std::vector<std::string> drawn_in(const std::string& folder, const std::vector<Chart>& charts);

// Of a chart's data and script (FNV-1a, 64 bits, in hexadecimal): whether an image is that of this result, whichever
// gnuplot has drawn it.
std::string chart_digest(const Chart& chart);

}  // namespace ipcbench

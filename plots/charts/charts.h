#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "results/claims/sources_table.h"

// Draws charts for paper, README and pages without scripts by gnuplot, from templates (plots/charts/gnuplot/). Labels
// from result files are untrusted: they reach gnuplot as data only, without characters that it would take for syntax.

namespace ipcbench {

enum class ImageFormat : std::uint8_t { svg, png };
inline constexpr std::array kImageFormats = {ImageFormat::svg, ImageFormat::png};

struct Chart {
  std::string name;    // "throughput-same-cpu": a file name without extension, of letters, digits and '-'
  std::string title;   // "Throughput, same-cpu"
  std::string data;    // NAME.dat: blocks of tab-separated columns; a block's first line is its label
  std::string script;  // NAME.gp: reads NAME.dat, writes NAME.svg and the like into its working directory
};

// Returns the charts that the result has data for. For each placement: latency, bytes and messages per second against
// size, percentiles, CPU time against latency; then memory and set-up; for each placement, what the rate of messages
// does to latency, CPU time, response and service, what silence does, and what the number of seats or the service time
// does to casts. The result must be summarised.
std::vector<Chart> charts_of(const ComparedResult& compared, std::span<const ImageFormat> formats = kImageFormats);

// Writes data and scripts only; returns the files' paths. Throws std::system_error that names the file.
std::vector<std::string> write_chart_data(const ComparedResult& compared, const std::string& folder);

// Draws the charts too, in a folder that is created if necessary; returns the images' paths. An SVG ends in a comment
// with chart_digest(). Throws UsageError without gnuplot, std::system_error if it fails or a file can't be written.
std::vector<std::string> write_charts(const ComparedResult& compared, const std::string& folder,
                                      std::span<const ImageFormat> formats = kImageFormats);

// Draws these charts by one gnuplot process and returns their SVGs, in order. gnuplot must be installed, and `folder`,
// where it reads and writes, must exist. Throws std::system_error.
std::vector<std::string> drawn_in(const std::string& folder, const std::vector<Chart>& charts);

// Returns the hash of a chart's data and script (FNV-1a, 64 bits, in hexadecimal). It tells whether an image belongs to
// this result, whichever version of gnuplot drew it.
std::string chart_digest(const Chart& chart);

}  // namespace ipcbench

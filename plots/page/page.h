#pragma once

#include <span>
#include <string>
#include <vector>

#include "plots/charts/static_charts.h"
#include "plots/page/page_data.h"
#include "plots/table/language.h"

namespace ipcbench {

struct PageOptions {
  Language language = Language::english;  // shown first; the page holds both
  std::vector<StaticChart> static_charts = {};
};

// Makes a report as one self-contained HTML document: tables for everybody, charts where scripts run. Its content
// security policy permits this build's own script and style only. The same runs give the same bytes.
std::string to_page(std::span<const PageRun> runs, const PageOptions& options);

}  // namespace ipcbench

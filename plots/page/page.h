#pragma once

#include <span>
#include <string>
#include <vector>

#include "plots/charts/static_charts.h"
#include "plots/page/page_data.h"
#include "plots/table/language.h"

namespace ipcbench {

struct PageOptions {
  Language language = Language::english;  // what is shown first; both are in the page
  std::vector<StaticChart> static_charts = {};
};

// A report as one HTML document that needs nothing else: tables for everybody, charts where scripts are on. Its content
// security policy permits this build's own script and style and nothing from anywhere. The same runs give the same
// bytes.
std::string to_page(std::span<const PageRun> runs, const PageOptions& options);

}  // namespace ipcbench

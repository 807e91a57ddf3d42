#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plots/page/page_data.h"
#include "plots/table/table_html.h"
#include "results/model/bilingual.h"

namespace ipcbench {

// Describes a chart of the page, which plots/html/src/charts/ draws under this id.
struct PageChart {
  std::string_view id;
  Bilingual title;
  Bilingual about;                            // how to read it, in a sentence or two
  bool (*has_data)(const Result&) = nullptr;  // left out where no run has any; null: shown always
};

// Describes a chapter of the page: its own content, its charts, then its tables. Each may be empty.
struct PageSection {
  std::string_view id;  // of the link to it
  Bilingual title;
  std::string content = {};  // HTML
  std::vector<PageChart> charts = {};
  std::vector<BilingualTable> tables = {};
  bool folded = false;  // tables show only their titles until opened
  bool leads = false;   // stands above the controls of the charts
};

// Returns the sections in the page's order. With several runs, tables carry the run's name. Empty sections are left
// out.
std::vector<PageSection> page_sections(std::span<const PageRun> runs);

}  // namespace ipcbench

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plots/page/page_data.h"
#include "plots/table/table_html.h"
#include "results/model/bilingual.h"

namespace ipcbench {

// A chart of the page: plots/html/src/charts/ draws it under this id.
struct PageChart {
  std::string_view id;
  Term title;
  Term about;  // how to read it, in a sentence or two
};

// A chapter of the page: what is made for it alone, its charts, then its tables. Any may be missing.
struct PageSection {
  std::string_view id;  // of the link to it
  Term title;
  std::string content = {};  // HTML
  std::span<const PageChart> charts = {};
  std::vector<BilingualTable> tables = {};
  bool folded = false;  // tables show their titles until they are opened
  bool leads = false;   // stands above all that is chosen for the charts
};

// In the order of the page. Tables of several runs carry the run's name; a section without anything is left out.
std::vector<PageSection> page_sections(std::span<const PageRun> runs);

}  // namespace ipcbench

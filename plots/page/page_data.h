#pragma once

#include <span>
#include <string>

#include "results/claims/sources_table.h"
#include "results/rows/reference.h"

namespace ipcbench {

// Names a result as the report shows it.
struct PageRun {
  std::string name;
  const ComparedResult* compared = nullptr;  // of a summarised result; must outlive the call
  const Reference* reference = nullptr;      // reference of its tables; nullptr: none
};

// Returns the data of a page's charts as one JSON document; docs/report.md defines the keys. Numbers have the result
// file's digits; texts are printable and shortened. It is not yet escaped for HTML.
std::string page_data(std::span<const PageRun> runs);

}  // namespace ipcbench

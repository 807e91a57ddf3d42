#pragma once

#include <span>
#include <string>

#include "results/model/record.h"
#include "results/rows/reference.h"

namespace ipcbench {

// A result under the name by which a report tells it from others.
struct PageRun {
  std::string name;
  const Result* result = nullptr;        // summarised; outlives the page's making
  const Reference* reference = nullptr;  // of its tables; nullptr: none
};

// What the charts of a page draw, as one JSON document: docs/report.md says what each key means. Numbers are those of
// the result file, digit for digit; texts are printable and cut. Not yet escaped for HTML.
std::string page_data(std::span<const PageRun> runs);

}  // namespace ipcbench

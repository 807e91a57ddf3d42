#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plots/table/language.h"
#include "results/claims/sources_table.h"
#include "results/model/record.h"
#include "results/rows/reference.h"

namespace ipcbench {

// Writes into `folder`, which is created if necessary:
//   tables/ID.csv, tables/ID.md    every table, '/' in an id as '_'
//   hgrm/CASE.hgrm                 every case's round-trip percentiles (plots/exports/hgrm.h)
//   hlog/CASE.hlog                 every case's histograms, an interval for each launch (plots/exports/hdr_log.h)
//   google-benchmark.json          plots/exports/google_benchmark_json.h
//   charts/NAME.dat, NAME.gp       gnuplot's data and scripts (plots/charts/charts.h)
// Returns the files' paths. Names from the result can't lead out of `folder`. Throws std::system_error that names the
// file. The result must be summarised; `reference` is that of the tables.
std::vector<std::string> write_exports(const ComparedResult& compared, const std::string& folder,
                                       Language language = Language::english, const Reference* reference = nullptr);

// Makes a file name of letters, digits and "-_=." that doesn't begin with a dot. It has at most 120 bytes; a longer id
// is cut and ends in a hash.
std::string export_name(std::string_view id);

}  // namespace ipcbench

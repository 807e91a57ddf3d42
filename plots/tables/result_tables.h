#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plots/table/language.h"
#include "plots/table/table.h"
#include "results/claims/sources_table.h"
#include "results/model/record.h"
#include "results/rows/reference.h"

// Makes tables of a stored result, which must be summarised.

namespace ipcbench {

// Returns the articles' table measured (plots/tables/sources_table.h), run, variants, measurements, claims
// (plots/tables/claims_table.h), guide (plots/tables/guide_table.h), then the others. Empty tables and case_table() are
// left out. `language` is that of the tables compared with the articles; the rest is English. A reference adds
// multiples to the measurements.
std::vector<Table> result_tables(const ComparedResult& compared, Language language = Language::english,
                                 const Reference* reference = nullptr);

// Returns host, clock, command, seed, and the checks that affect the numbers.
Table run_table(const Result& result);
// Returns a table per placement and scenario. Blocking cases of one size are ranked. Other waits and untouched payload
// stand apart without ranks. Answers of another size stand apart too, ranked among themselves. A reference adds a
// column of multiples and, after each table, "multiples/…" with all figures as multiples.
std::vector<Table> measurement_tables(const Result& result, const Reference* reference = nullptr);
std::vector<Table> floor_tables(const Result& result);  // times, then bandwidths
Table state_table(const Result& result);
Table noise_table(const Result& result);
// Returns the cases with their transport's largest message: what was asked for, and what limits it.
Table at_largest_table(const Result& result);
Table not_measured_table(const Result& result);  // skipped, invalid, crashed, timed out: one row per reason
Table transport_table(const Result& result);
Table buffer_table(const Result& result);  // of cases whose launches tell of any

// Returns every case with every figure, for `--format csv`. A reference adds every figure from launches as a multiple,
// and whether it is paired.
Table case_table(const Result& result, const Reference* reference = nullptr);

// Returns the transport with the options that differ from their defaults: "ring capacity=256KiB".
std::string label_of(const CaseRecord& c);
// Returns a pattern for cases that share a reason: "ping-pong/{pipe,fifo}/spin/*/same-cpu".
std::string common_pattern(const std::vector<std::string>& case_ids);

}  // namespace ipcbench

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plots/table/language.h"
#include "plots/table/table.h"
#include "results/model/record.h"
#include "results/rows/reference.h"

// What a stored result says, as tables. The result is summarised.

namespace ipcbench {

// The sources' table measured (plots/tables/sources_table.h), the run, the variants, what was measured, the claims
// (plots/tables/claims_table.h), the guide (plots/tables/guide_table.h), then the others; without the empty ones and
// case_table(). `language` is that of what stands beside the sources; all else is English. With a reference, what was
// measured is shown as multiples of its rows as well.
std::vector<Table> result_tables(const Result& result, Language language = Language::english,
                                 const Reference* reference = nullptr);

// Host, clock, command, seed, and the checks that concern the numbers.
Table run_table(const Result& result);
// One per placement and scenario. Cases of one size that block are ranked; other wait strategies, and payload that is
// not touched, stand apart without ranks; so do answers of another size, ranked among themselves. With a reference they
// have a column of multiples, and each is followed by "multiples/…": all its figures as multiples.
std::vector<Table> measurement_tables(const Result& result, const Reference* reference = nullptr);
std::vector<Table> floor_tables(const Result& result);  // times, then bandwidths
Table state_table(const Result& result);
Table noise_table(const Result& result);
// Cases that have the largest message of their transport: what was asked for, and what sets it.
Table at_largest_table(const Result& result);
Table not_measured_table(const Result& result);  // skipped, invalid, crashed, timed out: one row per reason
Table transport_table(const Result& result);
Table buffer_table(const Result& result);  // of cases whose launches tell of any

// Every case with every figure: what `--format csv` is for. With a reference every figure that comes from launches also
// as a multiple, and which of them aren't paired.
Table case_table(const Result& result, const Reference* reference = nullptr);

// The transport with the options that differ from their defaults: "ring capacity=256KiB".
std::string label_of(const CaseRecord& c);
// What stands for cases that share a reason: "ping-pong/{pipe,fifo}/spin/*/same-cpu".
std::string common_pattern(const std::vector<std::string>& case_ids);

}  // namespace ipcbench

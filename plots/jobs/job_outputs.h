#pragma once

#include <string>
#include <vector>

#include "plots/table/table.h"
#include "results/compare/pairs.h"
#include "results/gate/job_outcome.h"

// Writes a comparison in the forms that people and programs read, one file each. All end in a newline and escape text
// from files and other programs.

namespace ipcbench {

// Returns, for example, "regression: 1 of 24 gated figures is worse: ping-pong/pipe/block/64/same-cpu, RTT p50 +10 %".
std::string headline(const JobOutcome& outcome);
// Returns the decisions (gated first), the cases left out, and the notes.
std::vector<Table> job_tables(const JobOutcome& outcome);
std::string to_text(const JobOutcome& outcome, TextStyle style);
std::string to_markdown(const JobOutcome& outcome);

// Returns {"schema": "ipcbench-comparison", "version": 1, …}; see docs/result-format.md.
std::string to_json(const JobOutcome& outcome);

// Returns JUnit's XML: a figure is a test case. Regressions are failures, broken arms errors, undecided figures
// skipped.
std::string to_junit(const JobOutcome& outcome);

// Returns workflow commands of GitHub Actions, at most 9 annotations: one step shows no more besides "n more".
inline constexpr std::size_t kMostAnnotations = 9;
std::string to_github(const JobOutcome& outcome);

// Returns OpenMetrics 1.0; times are in seconds.
std::string to_openmetrics(const JobOutcome& outcome);

// Returns Google Benchmark's JSON for `compare.py filters FILE base head`. A benchmark is "base/CASE" or "head/CASE";
// its repetitions are the rounds. Without pairs (nullptr) each has one repetition, the median.
std::string to_gbench(const JobOutcome& outcome, const PairSession* session);

// What a verdict rests on: "+9.8 % [+8.9, +10.6], margin 3.0 %, rounds: 40 + 80 fresh".
std::string evidence_of(const Decision& decision);

}  // namespace ipcbench

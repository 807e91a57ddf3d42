#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/terminal/progress.h"
#include "harness/ab/paired_run.h"
#include "results/compare/noise_model.h"
#include "results/compare/pairs.h"
#include "results/files/pair_file.h"

// What `ab` and `calibrate` have in common.

namespace ipcbench {

// The path of this very program.
std::string own_program();
// Of now, for names of files: "20261121T180454Z".
std::string utc_timestamp();

void add_progress_to(CLI::App& app, std::string& mode);

// Removes what dead runs left, and catches stop signals from here on.
void begin_measuring(ProgressReporter& progress);

struct JobBudget {
  std::chrono::nanoseconds time;  // of the whole job, from its start
  std::string resume;             // the command that goes on, without its budget
};
// A whole job: pilots, rounds that count, timed ones up to the first look, fresh ones of what `noise` makes a
// candidate, and more of what is undecided, until every gated figure is decided, no look is left, or the next step
// doesn't fit the budget. Returns what the budget left undone, as a sentence, "" for nothing.
std::string measure_job(PairedRun& run, const NoiseModel* noise, const JobBudget& budget, ProgressReporter& progress);
// No round begins once a job is over its budget by a tenth.
std::chrono::nanoseconds limit_of(std::chrono::nanoseconds budget) noexcept;

// How many pairs were measured beside another ipcbench, as a sentence; "" if none was.
std::string note_on_other_runs(const PairSession& session);

// A missing file is the user's affair: UsageError that names `flag`.
PairFile load_stored_pairs(const std::string& file, const std::string& flag);

// `run`'s exit code; 5 with its message where it throws NotComparable.
int comparable_or_code(const std::function<int()>& run);

}  // namespace ipcbench

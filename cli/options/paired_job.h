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

// Functions that `ab` and `calibrate` share.

namespace ipcbench {

// Returns the path of the running program.
std::string own_program();
// Returns the current time for file names: "20261121T180454Z".
std::string utc_timestamp();

void add_progress_to(CLI::App& app, std::string& mode);

// Removes leftovers of dead runs and begins to catch stop signals.
void begin_measuring(ProgressReporter& progress);

struct JobBudget {
  std::chrono::nanoseconds time;  // of the whole job, from its start
  std::string resume;             // the command that resumes the job, without --budget
};
// Measures a whole job: pilots, counting rounds, timed rounds up to the first look, fresh rounds of candidates by
// `noise`, and more rounds for undecided figures. It ends when every gated figure is decided, no look is left, or the
// next step doesn't fit the budget. Returns what the budget left undone, as a sentence; "" for nothing.
std::string measure_job(PairedRun& run, const NoiseModel* noise, const JobBudget& budget, ProgressReporter& progress);
// Returns the time after which no round begins: the budget and a tenth.
std::chrono::nanoseconds limit_of(std::chrono::nanoseconds budget) noexcept;

// Says how many pairs were measured while another ipcbench ran; "" if none was.
std::string note_on_other_runs(const PairSession& session);

// Loads pairs. A missing file is a UsageError that names `flag`.
PairFile load_stored_pairs(const std::string& file, const std::string& flag);

// Returns `run`'s exit code; if it throws NotComparable, prints the message and returns 5.
int comparable_or_code(const std::function<int()>& run);

}  // namespace ipcbench

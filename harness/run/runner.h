#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/plan.h"
#include "harness/process/stop_signals.h"
#include "harness/run/stored_run.h"
#include "harness/run_dir/run_dir.h"
#include "results/model/record.h"

namespace ipcbench {

// Whether cases want more launches than the passes gave them. Asked at each of the plan's looks but the last.
struct GoingOn {
  std::function<std::vector<bool>(const Result&)> wants = {};  // by case, of the summarised result; none: no case does
  std::string what = {};                                       // a case that does, for people: "undecided"
};

struct RunOptions {
  PayloadMode payload = PayloadMode::lines;
  std::uint64_t seed = 0;
  std::string output;         // the result file; the journal is journal_path(output) while the run lasts
  bool writes_result = true;  // false: the caller does, and then removes the journal
  std::string command;        // as typed, for the record
  // Of a run that is compared with a stored one: its times of hybrid waits. Empty: measured before the first launch.
  std::vector<HybridSpinRecord> hybrid_spins = {};
  GoingOn going_on = {};  // of a plan with looks; none: by the plan's precision
  // Finds out what the mechanisms do here, and adds it to the transports' records. None: the result has no facts.
  std::function<void(RunDir& run, std::vector<TransportRecord>& transports)> add_facts = {};
};

// Where a run stands; enough for one progress line with an ETA.
struct Progress {
  std::string_view stage;    // "clock", "noise", "floors", "pilot", "pass 3 of 9", "repeats",
                             //   "going on, up to 18 launches"
  std::string_view case_id;  // "" outside launches
  std::size_t done = 0;      // launches
  std::size_t total = 0;
  std::chrono::nanoseconds elapsed{};
  std::chrono::nanoseconds left{};  // planned time corrected by what was seen
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  // Before each launch, and after it: they must return at once.
  virtual void progress(const Progress& progress) = 0;
  virtual void launched(const LaunchRecord& launch, const Progress& progress) = 0;
  virtual void note(std::string_view text) = 0;  // a diagnostic line for stderr
};

// Measures `plan` and writes options.output atomically, unless that is the caller's to do. The journal beside it holds
// every completed launch; it is removed when the run is complete and stays when it was stopped (then the result has
// complete: false). Returns the summarised result; stopped at once, by a second signal, it writes none and summarises
// nothing. Throws UsageError (output not writable, or an unfinished run's), std::system_error.
Result run_plan(Plan plan, const Topology& topology, const RunOptions& options, RunObserver& observer);

// Goes on with a run that was stopped or killed, and ends like it: what is stored is kept, what is missing is measured.
// From here on the journal is written. Throws std::system_error.
Result resume_run(StoredRun stored, const Topology& topology, RunObserver& observer);

// How the program ends after this run (methodology, exit codes): 0; 4 if a case is invalid, crashed or timed out; 77 if
// every case was skipped; 130 if it was stopped.
int exit_code_of(const Result& result);

}  // namespace ipcbench

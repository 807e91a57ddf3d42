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

// Decides which cases get more launches than the passes gave them. It is asked at each of the plan's looks but the
// last.
struct GoingOn {
  std::function<std::vector<bool>(const Result&)> wants = {};  // by case, of the summarised result; none: no case does
  std::string what = {};                                       // how people call a case that does: "undecided"
};

struct RunOptions {
  PayloadMode payload = PayloadMode::lines;
  std::uint64_t seed = 0;
  std::string output;         // the result file; the journal is journal_path(output) during the run
  bool writes_result = true;  // false: the caller writes the result and then removes the journal
  std::string command;        // as typed, stored in the result
  // Hybrid spins of the stored run that this one is compared with. Empty: measured before the first launch.
  std::vector<HybridSpinRecord> hybrid_spins = {};
  GoingOn going_on = {};  // of a plan with looks; none: by the plan's precision
  // Finds out what the mechanisms do here, and adds it to the transports' records. None: the result has no facts.
  std::function<void(RunDir& run, std::vector<TransportRecord>& transports)> add_facts = {};
};

// Describes the progress of a run, enough for one line with an ETA.
struct Progress {
  std::string_view stage;    // "clock", "noise", "floors", "pilot", "pass 3 of 9", "repeats",
                             //   "going on, up to 18 launches"
  std::string_view case_id;  // "" outside launches
  std::size_t done = 0;      // launches
  std::size_t total = 0;
  std::chrono::nanoseconds elapsed{};
  std::chrono::nanoseconds left{};  // planned time, corrected by the launches so far
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  // Called before and after each launch; both must return at once.
  virtual void progress(const Progress& progress) = 0;
  virtual void launched(const LaunchRecord& launch, const Progress& progress) = 0;
  virtual void note(std::string_view text) = 0;  // a diagnostic line for stderr
};

// Measures `plan` and writes options.output atomically, unless the caller does. The journal beside it holds every
// completed launch. It is removed when the run is complete; after a stop it stays, and the result has complete: false.
// Returns the summarised result. After a second stop signal it neither writes nor summarises. Throws UsageError (output
// not writable, or of an unfinished run), std::system_error.
Result run_plan(Plan plan, const Topology& topology, const RunOptions& options, RunObserver& observer);

// Resumes a stopped or killed run: it keeps what is stored and measures what is missing. It writes the journal from
// here on. Throws std::system_error.
Result resume_run(StoredRun stored, const Topology& topology, RunObserver& observer);

// Returns the program's exit code after a run: 0; 4 if a case is invalid, crashed or timed out; 77 if every case was
// skipped; 130 if it was stopped.
int exit_code_of(const Result& result);

}  // namespace ipcbench

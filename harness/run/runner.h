#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/plan/plan.h"
#include "harness/run/going_on.h"
#include "harness/run/run_observer.h"
#include "harness/run/stored_run.h"
#include "harness/run_dir/run_dir.h"
#include "results/model/record.h"

namespace ipcbench {

struct RunOptions {
  PayloadMode payload = PayloadMode::lines;
  std::uint64_t seed = 0;
  std::string output;          // the result file; the journal is journal_path(output) during the run
  bool writes_result = true;   // false: the caller writes the result and then removes the journal
  std::string command;         // as typed, stored in the result
  std::string host_name = {};  // stored instead of the kernel's; "": the kernel's is
  // Hybrid spins of the stored run that this one is compared with. Empty: measured before the first launch.
  std::vector<HybridSpinRecord> hybrid_spins = {};
  GoingOn going_on = {};  // of a plan with looks; none: by the plan's precision
  // The run looks for the highest rates at which the channels of the plan's saturations keep it; none: it doesn't.
  std::optional<PromiseRecord> promise = {};
  // Finds out what the mechanisms do here, and adds it to the transports' records. None: the result has no facts.
  std::function<void(RunDir& run, std::vector<TransportRecord>& transports)> add_facts = {};
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

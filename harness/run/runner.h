#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/run/plan.h"
#include "harness/run/stop.h"
#include "results/record.h"

namespace ipcbench {

struct RunOptions {
  PayloadMode payload = PayloadMode::lines;
  std::uint64_t seed = 0;
  std::string output;   // the result file; the journal is journal_path(output) while the run lasts
  std::string command;  // as typed, for the record
};

std::string journal_path(const std::string& output);

// Where a run stands; enough for one progress line with an ETA.
struct Progress {
  std::string_view stage;    // "clock", "noise", "floors", "pilot", "pass 3 of 9", "repeats"
  std::string_view case_id;  // "" outside launches
  std::size_t done = 0;      // launches
  std::size_t total = 0;
  std::chrono::nanoseconds elapsed{};
  std::chrono::nanoseconds left{};  // planned time corrected by what was seen
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void progress(const Progress& progress) = 0;  // before each launch; must return at once
  virtual void note(std::string_view text) = 0;         // a diagnostic line for stderr
};

// Measures `plan` and writes options.output atomically. The journal beside it holds every completed launch; it is
// removed when the run is complete and stays when it was stopped (then the result has complete: false). Returns the
// summarised result. Throws UsageError (output not writable), std::system_error.
Result run_plan(Plan plan, const Topology& topology, const RunOptions& options, RunObserver& observer);

// One launch of one case, for measure-launch: `messages` ops per block, a warm-up of a fifth of that and at least 100.
inline constexpr int kMeasureLaunchAbi = 1;
LaunchRecord measure_launch(const CaseSpec& spec, CpuPair cpus, std::uint64_t messages, std::uint64_t seed,
                            PayloadMode payload);

// How the program ends after this run (methodology, exit codes): 0; 4 if a case is invalid, crashed or timed out; 77 if
// every case was skipped; 130 if it was stopped.
int exit_code_of(const Result& result);

}  // namespace ipcbench

#pragma once

#include "harness/run/plan.h"
#include "harness/run/stop.h"
#include "results/record.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace ipcbench {

struct RunOptions {
  PayloadMode payload = PayloadMode::lines;
  std::uint64_t seed = 0;
  std::string output;   // the result file; the journal is output + ".journal.jsonl" until the result is written
  std::string command;  // as typed, for the record
};

// Where a run stands; enough for one progress line with an ETA.
struct Progress {
  std::string_view stage;    // "floors", "noise", "pilot", "pass 3 of 9", "repeats"
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

// Measures `plan` and writes options.output atomically (complete: false if it was stopped; the journal holds every
// completed launch until then and is removed with the last write). Returns the summarised result.
// Throws UsageError (output not writable), std::system_error.
Result run_plan(Plan plan, const Topology& topology, const RunOptions& options, RunObserver& observer);

// The records of all transports of this build as they are here, in table order, without the hidden ones.
std::vector<TransportRecord> transport_records();

// One launch of one case, for measure-launch: `messages` ops per block, no pilot. abi: kMeasureLaunchAbi.
inline constexpr int kMeasureLaunchAbi = 1;
LaunchRecord measure_launch(const CaseSpec& spec, CpuPair cpus, std::uint64_t messages, std::uint64_t seed,
                            PayloadMode payload);

// 0, or why the process should end otherwise, by methodology: 4 if any case is invalid, crashed or timed out, 77 if
// every case was skipped, 130 if interrupted.
int exit_code_of(const Result& result);

}  // namespace ipcbench

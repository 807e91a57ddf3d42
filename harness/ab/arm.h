#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/ab/measure_launch.h"
#include "harness/measure/clock.h"
#include "harness/measure/payload.h"
#include "harness/suite/case_spec.h"
#include "harness/suite/workers.h"
#include "results/compare/pairs.h"
#include "results/model/record.h"

namespace ipcbench {

// Describes one side of a paired comparison: a build of the program that runs one launch at a time.
struct Arm {
  ArmRecord record;
  bool takes_clock = false;        // --clock: it need not choose one for every launch
  bool counts_calls = false;       // --count-calls
  bool takes_warm_up = false;      // --warm-up
  bool takes_hybrid_spin = false;  // --hybrid-spin
  bool takes_workers = false;      // --workers
};

// Asks the program for its capabilities. Throws UsageError if it can't be executed or is no ipcbench.
Arm open_arm(ArmRecord record);

struct ArmOutcome {
  LaunchRecord record;       // the arm's record; or crashed or timed_out with what is known
  std::string no_such_case;  // why the arm refuses the case; "" if it doesn't
  bool interrupted = false;  // by a second stop signal: the record says nothing about the case
};

// Runs `PROGRAM measure-launch …` as a child process. What the arm doesn't take is left to it. It is killed if it
// doesn't answer in time, and its leftovers are removed; `deadline` is that of the launch, which the arm enforces.
// Throws NotComparable if the arm uses an incompatible protocol version, std::system_error if this host can't fork.
ArmOutcome launch_arm(const Arm& arm, const SingleLaunch& launch, std::chrono::nanoseconds deadline);

// Returns the case with the arm's options, as far as the transport has them. Throws UsageError for a bad value.
CaseSpec case_of_arm(const Arm& arm, const CaseSpec& spec);

// Converts a clock to the form of --clock, "tsc:1234567890", and back (nullopt for anything else).
std::string clock_text(const Clock& clock);
std::optional<Clock> clock_from_text(std::string_view text) noexcept;

}  // namespace ipcbench

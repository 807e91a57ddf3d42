#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/host/topology.h"
#include "harness/measure/clock.h"
#include "harness/measure/payload.h"
#include "harness/suite/case_spec.h"
#include "results/compare/pairs.h"
#include "results/model/record.h"

namespace ipcbench {

// One side of a paired comparison: a build of the program, called for one launch at a time.
struct Arm {
  ArmRecord record;
  bool takes_clock = false;        // by --clock: it need not choose one for every launch
  bool counts_calls = false;       // by --count-calls
  bool takes_warm_up = false;      // by --warm-up
  bool takes_hybrid_spin = false;  // by --hybrid-spin
};

// Asks the program what it can. Throws UsageError where it can't be executed, or is no ipcbench.
Arm open_arm(ArmRecord record);

struct ArmLaunch {
  std::string case_id;  // with the arm's own options
  std::uint64_t ops = 0;
  std::uint64_t seed = 0;
  CpuPair cpus;
  PayloadMode payload = PayloadMode::lines;
  bool counts_calls = false;
  std::chrono::nanoseconds deadline = std::chrono::seconds(60);  // that the arm gives the launch itself
  // Only for an arm that takes them.
  std::optional<Clock> clock = {};
  std::optional<std::uint64_t> warmup_ops = {};
  std::optional<std::chrono::nanoseconds> hybrid_spin = {};
};

struct ArmOutcome {
  LaunchRecord record;       // what the arm says; or crashed, timed_out with what is known
  std::string no_such_case;  // not empty: the arm refuses the case, and why
  bool interrupted = false;  // a second stop signal: the record says nothing of the case
};

// `PROGRAM measure-launch …` as a child process, killed when it has not answered in time; what it leaves then is
// removed. Throws NotComparable where the arm speaks another ABI, std::system_error where this host can't fork.
ArmOutcome launch_arm(const Arm& arm, const ArmLaunch& launch);

// The case as this arm measures it: with the arm's options where the transport has them. Throws UsageError for a bad
// value.
CaseSpec case_of_arm(const Arm& arm, const CaseSpec& spec);

// As --clock takes it, "tsc:1234567890", and back (nullopt for anything else).
std::string clock_text(const Clock& clock);
std::optional<Clock> clock_from_text(std::string_view text) noexcept;

}  // namespace ipcbench

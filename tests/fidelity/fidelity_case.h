#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/fidelity/arms.h"

namespace ipcbench::fidelity {

// Says what the harness's figure for a case is compared with.
enum class Against { bare_program, bare_ring, line_touch };

// The target of a case. docs/fidelity.md has the reasons.
enum class Target {
  none,
  alike,        // the p50 equals the bare program's
  alike_mean,   // the mean does, where reading the clock takes longer than the op
  no_slower,    // the mean is at most the bare program's
  near_canary,  // the mean is at most `most_canaries` round trips of a bare cache line
  extra,        // the mean exceeds the bare program's by at most `most_extra_ns`
};

// Pairs a case of the harness with its reference.
struct FidelityCase {
  PlannedCase planned;  // has a skip_reason if it can't run here
  Against against = Against::bare_program;
  std::string program = {};  // name of the bare program
  Target target = Target::none;
  double most_canaries = 0;
  double most_extra_ns = 0;
  std::vector<FidelityPair> used = {};
  std::vector<FidelityPair> dropped = {};  // the arms were in different states
  std::vector<std::string> failures = {};

  bool judged() const noexcept { return target != Target::none; }
  bool two_cpus() const noexcept { return planned.cpus.producer != planned.cpus.consumer; }
  Judgement judgement() const;
};

// Returns all cases on this machine's representative CPUs, for same-cpu and the nearest other placement. Names in
// `transports` select some.
std::vector<FidelityCase> all_fidelity_cases(const Topology& topology, const std::vector<std::string>& transports);
std::vector<std::string> compared_transports();
// Returns the cases on one CPU that are judged by the extra time of an op.
std::vector<FidelityCase> extra_fidelity_cases(const Topology& topology, const std::vector<std::string>& transports,
                                               double most_extra_ns);

// When to stop taking pairs. It is fixed before the first one and depends only on their number and the interval's
// width, never on its position.
struct StoppingRule {
  int pairs = 40;       // used ones
  bool extend = false;  // two CPUs, `alike`: ten more at a time until the half width is at most 5 %
  int max_pairs = 200;  // or there are so many
};
// Also true once three launches have failed. For Target::extra: once it is decided, or after its last look.
bool enough(const FidelityCase& fidelity_case, const StoppingRule& rule);

// Ends a case that can't be made; a judged one then misses its target.
void give_up(FidelityCase& fidelity_case, const std::string& reason);

// Takes a fresh launch of each arm. The harness is first in every other pair, so that a steady drift cancels (ABBA). A
// failed launch is noted in `failures`, not thrown.
void take_pair(FidelityCase& fidelity_case, const Clock& clock, std::uint64_t seed, RunDir& run_dir);

}  // namespace ipcbench::fidelity

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/fidelity/arms.h"

namespace ipcbench::fidelity {

// What the harness's figure for a case is held against.
enum class Against { bare_program, bare_ring, line_touch };

// What is asked of a comparison. docs/fidelity.md has the reasons.
enum class Target {
  none,
  alike,        // the p50 is that of the bare program
  no_slower,    // the mean is at most that of the bare program
  near_canary,  // the mean is at most `most_canaries` round trips of a bare cache line
  extra,        // the mean is at most `most_extra_ns` over that of the bare program
};

// A case of the harness and what it is compared with.
struct Comparison {
  PlannedCase planned;  // a skip_reason where it can't run here
  Against against = Against::bare_program;
  std::string program = {};  // a bare program's name
  Target target = Target::none;
  double most_canaries = 0;
  double most_extra_ns = 0;
  std::vector<Pair> used = {};
  std::vector<Pair> dropped = {};  // not in one state
  std::vector<std::string> failures = {};

  bool judged() const noexcept { return target != Target::none; }
  bool two_cpus() const noexcept { return planned.cpus.producer != planned.cpus.consumer; }
  Verdict verdict() const;
};

// All comparisons there are, on this machine's representative CPUs of same-cpu and the nearest other placement; with
// names in `transports`, theirs alone.
std::vector<Comparison> all_comparisons(const Topology& topology, const std::vector<std::string>& transports);
std::vector<std::string> compared_transports();
// Those of them that are judged on one CPU, by how much more than the bare program an op of the harness takes.
std::vector<Comparison> extra_comparisons(const Topology& topology, const std::vector<std::string>& transports,
                                          double most_extra_ns);

// When to stop taking pairs: fixed before the first one, and asked only how many there are and how wide the interval
// is, never where it lies.
struct StoppingRule {
  int pairs = 40;       // used ones
  bool extend = false;  // two CPUs, `alike`: ten more at a time until the half width is at most 5 %,
  int max_pairs = 200;  //   or there are so many
};
// True, too, once three launches have broken. Of Target::extra: once it is decided, or after its last look.
bool enough(const Comparison& comparison, const StoppingRule& rule);

// The comparison can't be made, and no pair of it will be taken: a judged one then misses its target.
void give_up(Comparison& comparison, const std::string& reason);

// A fresh launch of each arm, the harness first in every other pair, so that a steady drift cancels (ABBA). A broken
// launch is noted in `failures`, not thrown.
void take_pair(Comparison& comparison, const Clock& clock, std::uint64_t seed, RunDir& run_dir);

}  // namespace ipcbench::fidelity

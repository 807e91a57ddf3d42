#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "results/figures/metric.h"
#include "results/model/record.h"

// Stores the paired launches of two arms that a comparison measures. The file is JSON Lines: a header for each session
// and a line for each pair (docs/result-format.md).

namespace ipcbench {

// Describes one of the two builds or settings that are compared.
struct ArmRecord {
  std::string name;     // "base", "head"
  std::string program;  // path of the program
  std::vector<std::pair<std::string, std::string>> environment, options;
  std::optional<BuildInfo> build = {};  // its build, if the program tells
};

struct PairedCase {
  std::string id;  // without the options that only one arm has
  ScenarioName scenario;
  std::string transport;
  WaitName wait;
  PlacementName placement;
  std::array<int, 2> cpus{-1, -1};
  std::uint64_t ops = 0;         // per block, the same in both arms
  std::uint64_t warmup_ops = 0;  // per warm-up, likewise; 0: each arm chose its own
  std::string reason;            // why it was never measured; "" if it was
  bool missing = false;          // an arm has no such case

  friend bool operator==(const PairedCase&, const PairedCase&) = default;
};

// Describes a session of paired launches: what was measured, where and how.
struct PairHeader {
  std::string started;  // ISO 8601, UTC
  std::string boot;     // the kernel's boot id; "" where it can't be read
  std::string machine_class;
  std::optional<std::string> inherited;  // MachineRecord::inherited
  std::string suite;
  PayloadName payload;
  std::string workers;             // CaseRecord::workers, of all cases
  std::optional<double> block_ns;  // wanted length of a block; none: not stored
  std::uint64_t seed = 0;
  int rounds = 0;          // planned timed launches, up to the first look
  std::vector<int> looks;  // rounds after which figures are decided (looks.h); none: one look at the end
  BuildInfo build;         // the program that ran the arms
  ClockRecord clock;
  std::vector<HybridSpinRecord> hybrid_spins;  // shared by both arms; none: each launch measured its own
  ArmRecord base, head;
  std::vector<PairedCase> cases;
};

// Holds a fresh launch of each arm, one directly after the other.
struct LaunchPair {
  std::string case_id;
  int round = 0;                    // 0-based within its stage
  bool counts = false;              // the launches counted system calls
  bool confirms = false;            // belongs to a candidate's fresh rounds
  bool head_first = false;          // the head ran first
  std::optional<double> at_s = {};  // seconds from the session's start to the pair's start
  int other_runs = 0;               // largest number of other ipcbench runs alive at the end of a launch
  LaunchMetrics base, head;
};

struct PairSession {
  PairHeader header;
  std::vector<LaunchPair> pairs;
};

// Returns ln(head / base) of a figure; positive is worse. Counts below kLeastCount are raised to it. Returns nothing
// unless both launches are ok, both values finite, and times positive.
std::optional<double> log_ratio(const LaunchPair& pair, Metric metric);

}  // namespace ipcbench

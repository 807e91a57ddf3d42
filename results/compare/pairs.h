#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "results/figures/metric.h"
#include "results/model/record.h"

// Paired launches of two arms as a comparison measures them; results/files/pair_file.h stores them.

namespace ipcbench {

// One of the two things that are compared.
struct ArmRecord {
  std::string name;     // "base", "head"
  std::string program;  // its path
  std::vector<std::pair<std::string, std::string>> environment, options;
  std::optional<ToolRecord> tool = {};  // the build, where the program says
};

struct PairedCase {
  std::string id;  // without the arms' own options
  std::string scenario, transport, wait, placement;
  std::array<int, 2> cpus{-1, -1};
  std::uint64_t ops = 0;         // per block, the same in both arms
  std::uint64_t warmup_ops = 0;  // likewise; 0: each arm chose for itself
  std::string reason;            // not empty: never measured, and why
  bool missing = false;          // since an arm has no such case

  friend bool operator==(const PairedCase&, const PairedCase&) = default;
};

// What a session of paired launches was: the header of its pairs.
struct PairHeader {
  std::string started;  // ISO 8601, UTC
  std::string boot;     // the kernel's boot id; "" where it can't be read
  std::string machine_class;
  std::optional<std::string> inherited;  // MachineRecord::inherited
  std::string suite, payload;
  std::optional<double> block_ns;  // wanted length of a block; none: not stored
  std::uint64_t seed = 0;
  int rounds = 0;          // planned, of timed launches; those of the first look where there are several
  std::vector<int> looks;  // rounds after which figures are decided (looks.h); none: once, after all there are
  ToolRecord tool;         // of the program that called the arms
  ClockRecord clock;
  std::vector<HybridSpinRecord> hybrid_spins;  // the same in both arms; none: each launch measured its own
  ArmRecord base, head;
  std::vector<PairedCase> cases;
};

// A fresh launch of each arm, one right after the other.
struct SamplePair {
  std::string case_id;
  int round = 0;                    // 0-based, of its stage
  bool counts = false;              // the launches counted system calls
  bool confirms = false;            // of the fresh rounds that look at a candidate again
  bool head_first = false;          // in time
  std::optional<double> at_s = {};  // when it began, since its session did
  int other_runs = 0;               // at most so many other runs of ipcbench lived at the end of one of the launches
  Sample base, head;
};

struct PairSession {
  PairHeader header;
  std::vector<SamplePair> pairs;
};

// ln(head / base) of a figure that both arms have; positive is worse. Counts under kLeastCount count as that. None
// unless both launches are sound, both values finite, and times positive.
std::optional<double> log_ratio(const SamplePair& pair, Metric metric);

}  // namespace ipcbench

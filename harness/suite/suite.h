#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/suite/case_spec.h"
#include "harness/suite/workers.h"

namespace ipcbench {

inline constexpr int kMinLaunches = 9;     // per case, where blocks are fitted to a budget
inline constexpr int kFewestLaunches = 6;  // that a suite may ask for; fewer have no 95 % interval

// Holds a [[cases]] table of a suite: the product of its axes. An empty axis means all.
struct CaseGroup {
  std::vector<Scenario> scenarios;
  std::vector<std::string> transports;  // hidden ones must be named
  std::vector<std::string> waits;       // names, or "table" (the transport's first), or "all"
  std::vector<std::size_t> sizes;       // bytes >= 1; none: 64; transports without payload always have 0
  std::vector<std::string> placements;  // names, "nearest" (the nearest class of two CPUs), or "all" (without unpinned)
  // Names and values, applied where a scenario or transport has them. Several values of a name form an axis.
  std::vector<std::pair<std::string, std::string>> options;
  // What to do to have transports of plug-ins, which are then skipped where no plug-in has them. "": they are refused.
  std::string without_plugin = {};
};

struct Suite {
  std::string name;
  std::string summary;
  int passes = 9;                     // launches of each case, >= kFewestLaunches
  std::chrono::nanoseconds block{};   // target length of a measured block
  std::chrono::nanoseconds budget{};  // for the whole run: floors, noise, canaries, pilot, launches
  Workers workers = Workers::fork;    // of all its cases
  // The largest share of its channel's saturation, in per cent, at which a given rate is measured; 0: all rates are.
  std::uint64_t most_load = 0;
  std::vector<CaseGroup> groups;
};

// Reads schema "ipcbench-suite", version 1, strictly. An unknown key, a wrong type or a bad value throws UsageError
// with file, line and suggestion.
Suite parse_suite(const std::string& text, const std::string& file);
// Loads a file if the argument ends in ".toml" or holds '/', else a built-in suite (builtin_suites.h).
Suite load_suite(const std::string& name_or_path);
std::vector<std::string> builtin_suites();

}  // namespace ipcbench

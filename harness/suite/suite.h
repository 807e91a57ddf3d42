#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/suite/case_spec.h"

namespace ipcbench {

inline constexpr int kMinLaunches = 9;  // of a case; fewer give no 95 % interval worth having

// One [[cases]] table of a suite: the product of its axes. Empty: all.
struct CaseGroup {
  std::vector<Scenario> scenarios;
  std::vector<std::string> transports;  // names; hidden ones only when named
  std::vector<std::string> waits;       // names, or "table" (the transport's first), or "all"
  std::vector<std::size_t> sizes;       // bytes >= 1, none: 64; transports that carry nothing always have 0
  std::vector<std::string> placements;  // names, or "nearest" (the nearest class of two CPUs), or "all" (but unpinned)
  // Names and values, for the scenarios and transports that declare them; several values of a name are an axis.
  std::vector<std::pair<std::string, std::string>> options;
};

struct Suite {
  std::string name;
  std::string summary;
  int launches = 9;                   // per case, >= 9
  std::chrono::nanoseconds block{};   // target length of a measured block
  std::chrono::nanoseconds budget{};  // all of a run: floors, noise, canaries, pilot, launches
  std::vector<CaseGroup> groups;
};

// A strict reader: schema "ipcbench-suite", version 1. An unknown key, a wrong type or a bad value is a UsageError with
// file, line and suggestion.
Suite parse_suite(const std::string& text, const std::string& file);
// A path that ends in ".toml" or holds '/', else the name of a built-in suite (quick, standard, full), which are
// compiled in.
Suite load_suite(const std::string& name_or_path);
std::vector<std::string> builtin_suites();

}  // namespace ipcbench

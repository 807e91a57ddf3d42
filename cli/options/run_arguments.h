#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/plan/plan.h"
#include "harness/plan/selection.h"
#include "harness/run/runner.h"

namespace ipcbench {

// "0,1" (or "0" for the same CPU twice). Throws UsageError that names `what`, also for a CPU that may not be used.
CpuPair parse_cpus(const std::string& text, const std::string& what, const Topology& topology);
// "0,1", "any" where unpinned.
std::string format_cpus(CpuPair cpus);
// Throws UsageError with a suggestion.
PayloadMode parse_payload(const std::string& text);

// As given, else a fresh one: 32 bits, short enough to be typed again.
std::uint64_t fresh_seed(const std::optional<std::uint64_t>& given);

// The arguments that `run`, `plan` and `gbench` have in common, as they were typed.
class RunArguments {
 public:
  void add_to(CLI::App& app);        // all
  void add_cases_to(CLI::App& app);  // those that select cases, and what their messages hold
  void add_pairs_to(CLI::App& app);  // the same, with the suite by --suite, and "ci" for none

  // Those that the command line names, with their dashes.
  std::vector<std::string> given() const;
  // Throws UsageError for anything that names nothing.
  Plan plan(const Topology& topology) const;
  Plan plan_of_pairs(const Topology& topology) const;  // blocks aren't fitted to the suite's budget, which is a run's
  PayloadMode payload() const { return parse_payload(payload_); }
  std::uint64_t seed() const { return fresh_seed(seed_); }
  // As given, else a name of its own in the working directory: then that of the journal where the result goes to
  // stdout.
  std::string output(const Suite& suite) const;
  bool writes_to_stdout() const;

 private:
  void add_selection_to(CLI::App& app);
  void add_axes_to(CLI::App& app);
  void add_passes_to(CLI::App& app);
  void add_payload_to(CLI::App& app);
  void add_output_to(CLI::App& app);
  void add_budget_and_precision_to(CLI::App& app);
  void remember_added(const CLI::App& app, const std::vector<const CLI::Option*>& before);
  Selection selection(const Topology& topology) const;

  std::vector<const CLI::Option*> added_;
  std::string suite_ = "quick";
  std::vector<std::string> filters_;
  std::vector<std::string> transports_;
  std::vector<std::string> scenarios_;
  std::vector<std::string> sizes_;
  std::vector<std::string> waits_;
  std::vector<std::string> placements_;
  std::string cpus_;
  std::vector<std::string> options_;
  std::optional<int> passes_;
  std::optional<std::uint64_t> seed_;
  std::string payload_ = "lines";
  std::string output_;
  std::string budget_, precision_;
};

}  // namespace ipcbench

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/plan/plan.h"
#include "harness/plan/selection.h"
#include "harness/run/runner.h"

namespace ipcbench {

// Parses "0,1", or "0" for the same CPU twice. Throws UsageError naming `what`, also for a CPU that may not be used.
CpuPair parse_cpus(const std::string& text, const std::string& what, const Topology& topology);
// Returns "0,1", or "any" if unpinned.
std::string format_cpus(CpuPair cpus);
// Throws UsageError with the nearest name.
PayloadMode parse_payload(const std::string& text);
Workers parse_workers_option(const std::string& text);
void add_workers_to(CLI::App& app, std::string& workers);

// Returns the given seed, else a new one of 32 bits, which is short enough to type.
std::uint64_t fresh_seed(const std::optional<std::uint64_t>& given);

// Holds the arguments that `run`, `load`, `plan` and `gbench` share, as they were typed.
class RunArguments {
 public:
  void add_to(CLI::App& app);            // adds all of them
  void add_load_to(CLI::App& app);       // adds those of curves of latency against load
  void add_find_rate_to(CLI::App& app);  // adds those of channels whose saturation is measured
  void add_cases_to(CLI::App& app);      // adds those that select cases and the payload
  void add_pairs_to(CLI::App& app);      // adds the same, with the suite as --suite, "ci" by default

  // Returns the arguments that the command line contains, with dashes.
  std::vector<std::string> given() const;
  // Throws UsageError for an unknown name.
  Plan plan(const Topology& topology) const;
  Plan plan_of_pairs(const Topology& topology) const;  // blocks don't fit the suite's budget, which is a run's
  PayloadMode payload() const { return parse_payload(payload_); }
  std::uint64_t seed() const { return fresh_seed(seed_); }
  const std::optional<std::uint64_t>& seed_given() const noexcept { return seed_; }
  // Returns --output, else a default name in the working directory. If the result goes to stdout, it names the journal.
  std::string output(const Suite& suite) const;
  bool writes_to_stdout() const;
  const std::string& output_given() const noexcept { return output_; }
  void set_output(std::string output) { output_ = std::move(output); }
  std::string suite_name() const;  // throws UsageError for a file that is no suite
  // Returns the options that loads have and their saturation hasn't.
  std::vector<std::pair<std::string, std::string>> load_options() const;

 private:
  void add_selection_to(CLI::App& app);
  void add_axes_to(CLI::App& app);
  void add_places_to(CLI::App& app);
  void add_points_to(CLI::App& app);
  void add_passes_to(CLI::App& app);
  void add_payload_to(CLI::App& app);
  void add_output_to(CLI::App& app);
  void add_budget_and_precision_to(CLI::App& app);
  void choose_points(Suite& suite) const;
  void remember_added(const CLI::App& app, const std::vector<const CLI::Option*>& before);
  Selection selection(const Topology& topology) const;

  std::vector<const CLI::Option*> added_;
  std::string suite_ = "quick";
  Selection selected_;  // what is selected by name: all but the next three
  std::vector<std::string> sizes_;
  std::string cpus_;
  std::vector<std::string> options_;
  std::optional<int> passes_;
  std::optional<std::uint64_t> seed_;
  std::string payload_ = "lines";
  std::string workers_;
  std::string output_;
  std::string budget_, precision_;
  enum class Kind : std::uint8_t { suite, curves, saturations } kind_ = Kind::suite;
  bool is_idle_ = false;                     // what silence costs, instead of loads
  std::vector<std::string> shares_, rates_;  // of curves of latency against load; both empty: those of the suite
};

}  // namespace ipcbench

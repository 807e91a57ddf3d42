#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/options/subcommands.h"
#include "results/compare/comparability.h"
#include "results/compare/noise_model.h"
#include "results/compare/pairs.h"
#include "results/gate/job_outcome.h"
#include "results/gate/result_diff.h"

// Options that the comparing subcommands share: the calibration to read and the forms to write.

namespace ipcbench {

// "markdown", "junit", "json", "github", "openmetrics", "gbench".
std::vector<std::string> job_form_names();

// Handles --out FORM[=FILE] …
class JobOutputs {
 public:
  void add_to(CLI::App& app);
  // Checks the options before anything is measured. Throws UsageError for an unknown form or for two forms on stdout.
  void check() const;
  // Writes the table, or the form for stdout, and then every file. A file that can't be written is reported on stderr
  // and doesn't keep others from being written. Returns the verdict's exit code, or 70 if that is 0 and a file is
  // missing.
  int write(const JobOutcome& outcome, const PairSession* session, const Globals& globals) const;

 private:
  std::vector<std::string> out_;
};

// Handles --noise FILE, which may be given several times, and --strict.
class CalibrationArguments {
 public:
  void add_to(CLI::App& app);
  // Returns the calibration learnt under all these conditions: from the given files, else from ./noise.json if it
  // exists. If there is none, `why` says so. Throws UsageError for a malformed file, NotComparable for a given file
  // that is missing.
  std::optional<NoiseModel> load(std::span<const Conditions> used, std::string& why) const;
  bool strict() const noexcept { return strict_; }

 private:
  std::vector<std::string> files_;
  bool strict_ = false;
};

// Handles the options for stored results: --reference CASE|TRANSPORT, --advisory, and those of the calibration.
class ResultDiffArguments {
 public:
  void add_to(CLI::App& app);
  // Returns the rules for comparisons with `base`; they point to the calibration, which is stored in `noise`. Without
  // margins between runs it throws NotComparable, or with --advisory fills the note `why`. It also throws as
  // CalibrationArguments::load().
  ResultDiffRules load(const Result& base, std::optional<NoiseModel>& noise, std::string& why) const;
  const std::string& reference() const noexcept { return reference_; }
  bool advisory() const noexcept { return advisory_; }

 private:
  CalibrationArguments calibration_;
  std::string reference_;
  bool advisory_ = false;
};

inline constexpr const char* kDefaultNoise = "noise.json";

}  // namespace ipcbench

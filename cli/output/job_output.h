#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/options/subcommands.h"
#include "results/compare/comparability.h"
#include "results/compare/noise_model.h"
#include "results/compare/pairs.h"
#include "results/gate/job_report.h"
#include "results/gate/result_diff.h"

// What the subcommands that compare have in common: the calibration they read, and the forms they write.

namespace ipcbench {

// "markdown", "junit", "json", "github", "openmetrics", "gbench".
std::vector<std::string> job_form_names();

// --out FORM[=FILE] …
class JobOutputs {
 public:
  void add_to(CLI::App& app);
  // Before anything is measured. Throws UsageError for an unknown form, and for two that want stdout.
  void check() const;
  // The table, or the form that wants stdout; then every file. One that can't be written is said on stderr and costs no
  // other its turn. Returns the exit code: the verdict's, or 70 where that would be 0 and a file is missing.
  int write(const JobReport& report, const PairSession* session, const Globals& globals) const;

 private:
  std::vector<std::string> out_;
};

// --noise FILE, several; --strict.
class CalibrationArguments {
 public:
  void add_to(CLI::App& app);
  // The one that was learnt under these conditions: among those given, else ./noise.json if it is there. None: `why`
  // says so. Throws UsageError for what is no such file, NotComparable for one that was given by name and isn't there.
  std::optional<NoiseModel> load(const Conditions& used, std::string& why) const;
  bool strict() const noexcept { return strict_; }

 private:
  std::vector<std::string> files_;
  bool strict_ = false;
};

// How stored results are decided: --reference CASE|TRANSPORT, --advisory, and what a calibration needs.
class StoredRuleArguments {
 public:
  void add_to(CLI::App& app);
  // Keeps the calibration for comparisons with `base` in `noise`, which the rules point to. Where there is none of how
  // much runs differ: throws NotComparable, or fills the note `why` if advice is asked for. Throws as
  // CalibrationArguments::load(), too.
  StoredRules load(const Result& base, std::optional<NoiseModel>& noise, std::string& why) const;
  const std::string& reference() const noexcept { return reference_; }
  bool advisory() const noexcept { return advisory_; }

 private:
  CalibrationArguments calibration_;
  std::string reference_;
  bool advisory_ = false;
};

inline constexpr const char* kDefaultNoise = "noise.json";

}  // namespace ipcbench

#pragma once

#include <functional>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/options/run_arguments.h"
#include "cli/options/subcommands.h"
#include "harness/run/runner.h"
#include "results/model/record.h"

namespace ipcbench {

// RunFlags are the flags of a subcommand that measures a run and stores its result.
struct RunFlags {
  RunArguments arguments;
  std::string resume;
  std::string progress = "auto";
  bool report = false;
  std::string path_file;       // the result's path is written to this file; "": none
  bool ranked = false;         // the arguments are those of all ranks, which resume or not
  std::string host_name = {};  // RunOptions::host_name
};

// Adds all flags but those of `arguments`.
void add_run_flags_to(CLI::App& app, RunFlags& flags);

// Describes a subcommand that measures a run.
struct MeasuringCommand {
  std::string name;  // "run"
  // Returns what is printed on stdout when the run has ended: its tables.
  std::function<std::string(const Result& result, bool color)> text;
  std::function<int(const Result& result)> exit_code = exit_code_of;
  std::optional<PromiseRecord> promise = {};  // of a new run
};

// Measures a run, or finishes the one that --resume names, and stores and prints its result. Returns the exit code.
// Throws UsageError and std::system_error.
int measure_run(const MeasuringCommand& command, const RunFlags& flags, const Globals& globals);

}  // namespace ipcbench

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/commands/measured_run.h"

namespace ipcbench {

// RankedFlags are the flags of a run that a launcher starts on many hosts at once.
struct RankedFlags {
  bool ranked = false;
  std::string wait = "10min";
  std::string launcher;
  std::string job;
  std::string host_name;
  std::optional<std::uint32_t> ranks;
  bool every_rank = false;
};

void add_ranked_to(CLI::App& app, RankedFlags& flags);

// Measures this host as one rank of a job, into the folder that --output names. Rank 0 then waits for the others.
// Returns the exit code: 4 of rank 0 if another rank has no result. Throws UsageError.
int measure_ranked(const MeasuringCommand& command, const RunFlags& run_flags, const RankedFlags& flags,
                   const Globals& globals);

}  // namespace ipcbench

#pragma once

#include <cstddef>
#include <string>

#include "cli/options/subcommands.h"
#include "results/files/pair_file.h"

namespace ipcbench {

struct CalibrationReportRules {
  int rounds = 40;  // up to the first look
  int looks = 5;
  std::size_t jobs = 1000;
};

// Prints how often a job of identical builds ends in "regressed" and how often known slowdowns are caught, from jobs
// resampled from `store`, and from the real jobs in the file `live` ("": none). Returns the exit code. Throws
// UsageError.
int print_calibration_report(const PairFile& store, const CalibrationReportRules& rules, const std::string& live,
                             const Globals& globals);

}  // namespace ipcbench

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

// Prints how often jobs of identical builds report a regression, and how often known slowdowns are caught. Jobs are
// resampled from `store` and read from the file `live` ("": none). Returns the exit code. Throws UsageError.
int print_calibration_report(const PairFile& store, const CalibrationReportRules& rules, const std::string& live,
                             const Globals& globals);

}  // namespace ipcbench

#pragma once

#include <optional>
#include <string>

#include "harness/base/usage_error.h"
#include "harness/host/topology.h"
#include "harness/plan/plan.h"
#include "results/files/journal.h"
#include "results/model/record.h"

namespace ipcbench {

// Holds a stopped or killed run that is ready to be finished.
struct StoredRun {
  Plan plan;      // with the lengths that the pilots set
  Result result;  // what was measured so far
  PayloadMode payload = PayloadMode::lines;
  std::string output;              // the result file
  std::optional<Journal> journal;  // none: only the result file exists
};

// Opens an incomplete result file or a journal; for a missing result file, its journal. Changes nothing. Throws
// UsageError for other files, for a run that is complete or still running, and for one that lacks what is needed to
// finish it. Throws NotComparable with the difference in words.
StoredRun open_stored_run(const std::string& file, const Topology& topology);

std::string journal_path(const std::string& output);

}  // namespace ipcbench

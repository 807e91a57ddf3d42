#pragma once

#include <optional>
#include <string>

#include "harness/base/usage_error.h"
#include "harness/host/topology.h"
#include "harness/plan/plan.h"
#include "results/files/journal.h"
#include "results/model/record.h"

namespace ipcbench {

// A run that was stopped or killed, ready to be finished.
struct StoredRun {
  Plan plan;      // with the lengths that the pilot pass gave its cases
  Result result;  // as far as it was measured
  PayloadMode payload = PayloadMode::lines;
  std::string output;              // its result file
  std::optional<Journal> journal;  // none: there is only the result file
};

// `file`: an incomplete result file, which needn't be there if its journal is, or the journal. Changes nothing. Throws
// UsageError for anything else, for a run that is complete or still going on and for one stored without what it takes
// to finish it; NotComparable, with the difference in words.
StoredRun open_stored_run(const std::string& file, const Topology& topology);

std::string journal_path(const std::string& output);

}  // namespace ipcbench

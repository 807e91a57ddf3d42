#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "results/compare/bootstrap.h"
#include "results/compare/noise_model.h"
#include "results/gate/job_report.h"
#include "results/model/record.h"
#include "results/rows/reference.h"

// The rule for stored results: two runs at different times, so that what changed between them besides the program is
// in the difference, and the margin has to come from how far runs of one program differ.

namespace ipcbench {

struct StoredRules {
  const NoiseModel* noise = nullptr;  // of the machine class of all; only its margins between runs count
  bool strict = false;
  bool advisory = false;       // show verdicts without such margins, of another machine class too; nothing fails
  std::string reference = {};  // Reference::name(): times are compared as multiples of its own; "": as they are
  std::uint64_t seed = 1;      // of the bootstrap
  int resamples = kBootstrapResamples;
};

// Whether there is any margin between runs to decide by.
bool has_run_margins(const NoiseModel& model) noexcept;

struct StoredHead {
  const Result* result = nullptr;
  std::string name = {};                          // in Decision::of, where there are several
  std::map<std::string, std::string> lacks = {};  // by a case's id: why it isn't there
};

// Compares summarised results with `base`. All gated figures of all heads share kJobLevel. Cases that one side lacks or
// that were measured under other conditions are left out by name, and so are cases for which one side has no row of the
// reference. Throws UsageError where a result has nothing of the reference's name.
JobReport decide_stored(const Result& base, std::span<const StoredHead> heads, const StoredRules& rules);

}  // namespace ipcbench

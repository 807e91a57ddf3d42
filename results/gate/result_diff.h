#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "results/compare/bootstrap.h"
#include "results/compare/noise_model.h"
#include "results/gate/job_outcome.h"
#include "results/model/record.h"
#include "results/rows/reference.h"

// Compares stored results. Two runs at different times differ by more than the program, so the margin comes from how
// far runs of one program differ.

namespace ipcbench {

struct ResultDiffRules {
  const NoiseModel* noise = nullptr;  // noise of the machine class; only its margins between runs are used
  bool strict = false;
  bool advisory = false;       // shows verdicts without such margins, and across machine classes; nothing fails
  std::string reference = {};  // Reference::name(): times are compared as multiples of its figures; "": as they are
  std::uint64_t seed = 1;      // seeds the bootstrap
  int resamples = kBootstrapResamples;
};

// Returns whether the model has any margin between runs.
bool has_run_margins(const NoiseModel& model) noexcept;

struct ResultDiffHead {
  const Result* result = nullptr;
  std::string name = {};                          // becomes Decision::of if there are several heads
  std::map<std::string, std::string> lacks = {};  // by case id: why the case is absent
};

// Compares summarised results with `base`. All gated figures of all heads share kJobLevel. Cases that are missing on
// one side, were measured under different conditions, or lack a reference row on one side are reported as left out.
// Throws UsageError if a result has nothing of the reference's name.
JobOutcome diff_results(const Result& base, std::span<const ResultDiffHead> heads, const ResultDiffRules& rules);

}  // namespace ipcbench

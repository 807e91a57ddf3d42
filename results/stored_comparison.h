#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "results/job_report.h"
#include "results/noise_model.h"
#include "results/record.h"

// The rule for stored results: two runs at different times, so that what changed between them besides the program is
// in the difference, and the margin has to come from how far runs of one program differ.

namespace ipcbench {

inline constexpr int kBootstrapResamples = 10000;

struct StoredRules {
  const NoiseModel* noise = nullptr;  // of the machine class of all; only its margins between runs count
  bool strict = false;
  bool advisory = false;       // show verdicts without such margins, of another machine class too; nothing fails
  std::string reference = {};  // a case's id: times are compared as ratios to this case's of the same run; "": no
  std::uint64_t seed = 1;      // of the bootstrap
  int resamples = kBootstrapResamples;
};

// The difference of the medians of `head` and `base` (log values, one a launch), with the percentile interval of the
// bootstrap over launches (Efron, Tibshirani: An Introduction to the Bootstrap, 1993, 13.3) that leaves `tail` on each
// side. `base_reference` and `head_reference` are subtracted, and resampled as well; empty: none. No interval under 6
// launches. Deterministic.
struct BootstrapInput {
  std::span<const double> base, head;
  std::span<const double> base_reference = {}, head_reference = {};
  int resamples = kBootstrapResamples;
};
Estimate bootstrap_difference(const BootstrapInput& input, double tail, std::uint64_t seed);

// Whether there is any margin between runs to decide by.
bool has_run_margins(const NoiseModel& model) noexcept;

bool has_round_trips(const Result& result, const std::string& case_id);
// Throws UsageError if `result` has no round trips of the case `reference`; `which` is what the message calls it.
void check_reference(const Result& result, const std::string& reference, std::string_view which);

struct StoredHead {
  const Result* result = nullptr;
  std::string name = {};                          // in Decision::of, where there are several
  std::map<std::string, std::string> lacks = {};  // by a case's id: why it isn't there
};

// Compares summarised results with `base`. All gated figures of all heads share kJobLevel. Cases that one side lacks or
// that were measured under other conditions are left out by name. Throws UsageError where the reference case has no
// round trips in one of them.
JobReport decide_stored(const Result& base, std::span<const StoredHead> heads, const StoredRules& rules);

}  // namespace ipcbench

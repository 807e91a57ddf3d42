#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/claims/recommendation.h"
#include "results/figures/load_curves.h"
#include "results/model/record.h"

// Recommends mechanisms for a rate of messages, by the curves that were measured. Nothing is interpolated: the two
// rates next to the one needed are asked, and the worse answer counts. Sizes, placements and machines are never mixed.

namespace ipcbench {

// Holds what messages at a rate must keep, on top of a Need. The pattern request-reply means answered messages.
struct LoadNeed {
  double rate_per_s = 0;
  std::optional<double> p99_ns;     // of the response, to be above it
  std::optional<double> cpu_ratio;  // of one CPU, both sides together
};

// Describes a channel that keeps what is needed.
struct LoadQualified {
  LoadCurve curve;                  // points into the result, which must outlive this
  LoadPoint below, above;           // the rates next to the one needed; equal if that was measured itself
  LoadPoint worse;                  // the one of them whose p99 is larger
  std::optional<double> cpu_ratio;  // at the rate needed, by the larger CPU time per message of the two
  std::vector<std::string> remarks;

  const Figure& p99() const noexcept { return worse.measured->summary.response_p99; }
};

struct LoadRecommendation {
  Need need;  // as asked, with the placement filled in
  LoadNeed load;
  std::vector<LoadQualified> qualified;  // in the result's order; rank them by p99()
  std::vector<Excluded> excluded;        // each with its reason, or with the command that measures what is missing
};

// Returns a row for each transport, wait and pacer with default options. `result` must be summarised. Throws UsageError
// as recommend() does, and if the result has no loads at all.
LoadRecommendation recommend_at_rate(const Result& result, Need need, const LoadNeed& load);

}  // namespace ipcbench

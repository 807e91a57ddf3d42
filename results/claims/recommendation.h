#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/claims/need.h"
#include "results/claims/source_table.h"
#include "results/figures/memory_figure.h"
#include "results/model/record.h"

// Recommends mechanisms for a need: filters them by capability and ranks them by what was measured. The criteria are
// those of the articles' selection guides: pattern, message size, performance, persistence, structure, synchronisation
// and security.

namespace ipcbench {

// pattern_names(): "request-reply", "stream", "one-to-many", "many-to-many". criterion_names(): "latency",
// "throughput", "cpu", "memory".
std::vector<std::string> pattern_names();
std::vector<std::string> criterion_names();

// Describes a transport, with one way of waiting, that meets the need.
struct Qualified {
  const CaseRecord* measured = nullptr;  // points into the result, which must outlive this
  const Figure* figure = nullptr;        // the figure of the criterion
  const Figure* compared = nullptr;      // what all are ranked by: that, or the means if the clock is too coarse
  MemoryFigure memory;                   // the criterion memory: `figure` with its bounds; else empty
  bool limited = false;                  // a limit of the host changed what was measured, so it isn't ranked
  std::vector<std::string> remarks;      // what the user must know: "may lose messages"
};

struct Excluded {
  std::string transport;
  std::string reason;  // everything that rules it out
  // Its case with the largest message that it carries, if one stands in for the size needed; points into the result.
  const CaseRecord* at_largest = nullptr;
};

struct Recommendation {
  Need need;  // as asked, with the defaults filled in
  Criterion by = Criterion::latency;
  std::uint64_t size = 0;            // the measured size that is nearest to the one needed
  std::vector<Qualified> qualified;  // in the result's order; rank them by their figures
  std::vector<Excluded> excluded;
  std::vector<std::string> notes;  // what was not measured
};

// Returns a row for each transport and wait with default options. `result` must be summarised. Throws UsageError, with
// the nearest name, if the result doesn't have the placement.
Recommendation recommend(const Result& result, Need need);

}  // namespace ipcbench

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/claims/source_table.h"
#include "results/figures/memory_figure.h"
#include "results/model/record.h"

// Recommends mechanisms for a need: filters them by capability and ranks them by what was measured. The criteria are
// those of the articles' selection guides: pattern, message size, performance, persistence, structure, synchronisation
// and security.

namespace ipcbench {

enum class Pattern : std::uint8_t { request_reply, stream, one_to_many, many_to_many };

// pattern_names(): "request-reply", "stream", "one-to-many", "many-to-many". criterion_names(): "latency",
// "throughput", "cpu", "memory".
std::vector<std::string> pattern_names();
std::vector<std::string> criterion_names();

struct Need {
  std::uint64_t size = 64;  // bytes of a message; 0: notifications only
  Pattern pattern = Pattern::request_reply;
  std::optional<Criterion> by;  // none: latency of request-reply and of notifications, else throughput
  PlacementName placement;      // empty: the nearest two CPUs that were measured, else the first placement
  bool may_spin = false;        // it may keep a core busy
  bool unrelated = false;       // between processes without a common ancestor
  bool crosses_hosts = false;
  bool persistent = false;          // the object, or its name, outlives the processes
  bool boundaries = false;          // one send is one receive
  bool typed = false;               // receives by type or priority
  bool self_synchronising = false;  // flow control: the fast side waits for the slow one
  bool reliable = false;            // loses nothing
  bool access_control = false;      // permissions or credentials guard it
  bool no_service = false;          // no daemon
};

// Describes a transport, with one way of waiting, that meets the need.
struct Qualified {
  const CaseRecord* measured = nullptr;  // points into the result, which must outlive this
  const Figure* figure = nullptr;        // the figure of the criterion
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

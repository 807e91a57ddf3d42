#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/claims/source_table.h"
#include "results/figures/memory_figure.h"
#include "results/model/record.h"

// Which mechanism for what: by what the transports are, and ranked by what was measured. The factors are those of the
// sources' selection guide: pattern, amount of data, performance, persistence, structure, synchronisation, security.

namespace ipcbench {

enum class Pattern : std::uint8_t { request_reply, stream, one_to_many, many_to_many };

// "request-reply", "stream", "one-to-many", "many-to-many"; "latency", "throughput", "cpu", "memory".
std::vector<std::string> pattern_names();
std::vector<std::string> criterion_names();

struct Need {
  std::uint64_t size = 64;  // bytes of a message; 0: notifications only
  Pattern pattern = Pattern::request_reply;
  std::optional<Criterion> by;  // none: latency of request-reply and of notifications, else throughput
  std::string placement;        // "": the nearest two CPUs that were measured, else the first placement
  bool may_spin = false;        // it may burn a core
  bool unrelated = false;       // between processes without a common ancestor
  bool crosses_hosts = false;
  bool persistent = false;          // the object, or its name, outlives the processes
  bool boundaries = false;          // one send is one receive
  bool typed = false;               // receives by type or priority
  bool self_synchronising = false;  // the fast side waits for the slow one
  bool reliable = false;            // loses nothing
  bool access_control = false;      // permissions or credentials guard it
  bool no_service = false;          // no daemon
};

// A transport with a way of waiting that qualifies.
struct Qualified {
  const CaseRecord* measured = nullptr;  // of the result, which must outlive it
  const Figure* figure = nullptr;        // by the criterion
  MemoryFigure memory;                   // by memory: `figure` with what it lies between; else empty
  bool limited = false;                  // a limit of the host changed what was measured: it has no rank
  std::vector<std::string> remarks;      // what one must know: "may lose messages"
};

struct Excluded {
  std::string transport;
  std::string reason;  // all that speaks against it
  // What it was measured with in place of messages that it doesn't carry; of the result. Not every one has it.
  const CaseRecord* at_largest = nullptr;
};

struct Recommendation {
  Need need;  // with what was chosen for it
  Criterion by = Criterion::latency;
  std::uint64_t size = 0;            // that was measured, next to the one needed
  std::vector<Qualified> qualified;  // in the order of the result; rank them by their figures
  std::vector<Excluded> excluded;
  std::vector<std::string> notes;  // what was not measured
};

// One row per transport and way of waiting with its default options. The result is summarised. Throws UsageError, with
// the nearest name, for a placement that it doesn't have.
Recommendation recommend(const Result& result, Need need);

}  // namespace ipcbench

#pragma once

#include <cstdint>
#include <optional>

#include "results/claims/source_table.h"
#include "results/model/record.h"

namespace ipcbench {

enum class NeedPattern : std::uint8_t { request_reply, stream, one_to_many, many_to_many };

// Holds what someone needs of a mechanism.
struct Need {
  std::uint64_t size = 64;  // bytes of a message; 0: notifications only
  NeedPattern pattern = NeedPattern::request_reply;
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

}  // namespace ipcbench

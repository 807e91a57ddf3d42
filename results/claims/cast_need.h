#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "results/claims/need.h"

namespace ipcbench {

// Holds how many processes a need has, on top of its pattern. Requests are those of clients to a server.
struct CastNeed {
  std::size_t producers = 1, consumers = 1;
  bool to_all = false;  // each message goes to every consumer
};

// Returns how many processes the pattern of a need has by itself: two where it says many.
CastNeed usual_cast(NeedPattern pattern);

// Returns the command that measures casts of a need: of these transports, or of all if there are none.
std::string command_to_measure(const Need& need, const CastNeed& asked, const std::vector<std::string>& transports);

}  // namespace ipcbench

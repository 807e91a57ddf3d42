#pragma once

#include "harness/measure/clock.h"
#include "harness/measure/payload.h"

namespace ipcbench {

// PayloadCost is what writing and checking the payload itself takes, per 64-byte line of a message in this mode, in a
// cached buffer on the calling CPU.
struct PayloadCost {
  double write_line_ns = 0;
  double check_line_ns = 0;
};

PayloadCost measure_payload_cost(const Clock& clock, PayloadMode mode);

}  // namespace ipcbench

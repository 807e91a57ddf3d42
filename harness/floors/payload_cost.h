#pragma once

#include "harness/measure/clock.h"
#include "harness/measure/payload.h"
#include "harness/records/machine_records.h"

namespace ipcbench {

// Measures the cost of this mode on the calling CPU.
InstrumentRecord measure_payload_cost(const Clock& clock, PayloadMode mode);

}  // namespace ipcbench

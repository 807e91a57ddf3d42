#pragma once

#include <vector>

#include "harness/measure/clock.h"
#include "harness/measure/floors.h"
#include "harness/measure/noise.h"
#include "harness/measure/payload_cost.h"
#include "harness/os/topology.h"
#include "results/record.h"

// The host, the clock, the floors and the transports as a result stores them.

namespace ipcbench {

MachineRecord machine_record(const Topology& topology);
ClockRecord clock_record(const ClockChoice& choice);
NoiseRecord noise_record(const CpuNoise& noise);
FloorRecord floor_record(Placement placement, const Floors& floors);
InstrumentRecord instrument_record(const PayloadCost& cost);

// All transports of this build as they are here, in table order, without the hidden ones.
std::vector<TransportRecord> transport_records();

}  // namespace ipcbench

#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/facts/fact.h"
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
// The hybrid wait spins for twice the futex wake round trip between the nearest two CPUs.
std::chrono::nanoseconds hybrid_spin_of(const std::vector<FloorRecord>& floors);
InstrumentRecord instrument_record(const PayloadCost& cost);

// Now, ISO 8601 in UTC, to the second.
std::string utc_now();

// All transports of this build as they are here, in table order, without the hidden ones.
std::vector<TransportRecord> transport_records();
// Each fact into the record of its transport.
void add_facts(std::vector<TransportRecord>& records, const std::vector<Fact>& facts);

}  // namespace ipcbench

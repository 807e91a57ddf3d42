#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/floors/floors.h"
#include "harness/floors/noise.h"
#include "harness/floors/payload_cost.h"
#include "harness/host/topology.h"
#include "harness/measure/clock_choice.h"
#include "harness/plan/plan.h"
#include "results/model/record.h"

// The host, the clock, the floors and the transports as a result stores them.

namespace ipcbench {

MachineRecord machine_record(const Topology& topology);
ClockRecord clock_record(const ClockChoice& choice);
NoiseRecord noise_record(const CpuNoise& noise);
FloorRecord floor_record(Placement placement, const Floors& floors);
// The hybrid wait spins for twice the futex wake round trip of its own CPUs; for 100 us where that isn't known.
HybridSpinRecord hybrid_spin_record(const FloorRecord& floor);
// Measures that time for each placement at which `plan` has a hybrid wait, 20 ms each. Throws std::runtime_error.
std::vector<HybridSpinRecord> measure_hybrid_spins(const Plan& plan, const Clock& clock);
// Returns the times of a stored run. An earlier build stored one time: every such placement of `plan` gets it.
std::vector<HybridSpinRecord> stored_hybrid_spins(const Result& stored, const Plan& plan);
// Returns the time of that placement, 1 s at most. A placement that isn't there gets 100 us.
std::chrono::nanoseconds hybrid_spin_at(const std::vector<HybridSpinRecord>& spins, Placement placement) noexcept;
InstrumentRecord instrument_record(const PayloadCost& cost);

// Now, ISO 8601 in UTC, to the second.
std::string utc_now();

// All transports of this build as they are here, in table order, without the hidden ones.
std::vector<TransportRecord> transport_records();

}  // namespace ipcbench

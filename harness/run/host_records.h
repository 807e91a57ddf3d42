#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/host/topology.h"
#include "harness/measure/clock_choice.h"
#include "harness/plan/plan.h"
#include "results/model/record.h"

// Describes host, clock, floors and transports in the form that a result stores.

namespace ipcbench {

MachineRecord machine_record(const Topology& topology);
ClockRecord clock_record(const ClockChoice& choice);
// The hybrid wait spins for twice the futex wake round trip of its own CPUs, or for 100 us if that is unknown.
HybridSpinRecord hybrid_spin_record(const FloorRecord& floor);
// Measures that time, 20 ms; again where a process of the measurement is killed. Throws PairFailed, std::runtime_error.
HybridSpinRecord measure_hybrid_spin(Placement placement, CpuPair cpus, const Clock& clock);
// Measures it at each placement where `plan` has a hybrid wait.
std::vector<HybridSpinRecord> measure_hybrid_spins(const Plan& plan, const Clock& clock);
// Returns the times of a stored run. Early builds stored a single one, which then applies to each such placement of
// `plan`.
std::vector<HybridSpinRecord> stored_hybrid_spins(const Result& stored, const Plan& plan);
// Returns the time of a placement, 1 s at most; 100 us if the placement is missing.
std::chrono::nanoseconds hybrid_spin_at(const std::vector<HybridSpinRecord>& spins, Placement placement) noexcept;

// Returns the current time, ISO 8601 in UTC, to the second.
std::string utc_now();

// Describes all transports of this build on this host, in table order, without hidden ones.
std::vector<TransportRecord> transport_records();

}  // namespace ipcbench

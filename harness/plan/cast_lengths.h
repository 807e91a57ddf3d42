#pragma once

#include <chrono>
#include <span>

#include "harness/suite/case_spec.h"

// Rule 29: sets the least lengths of casts, in which each seat gets its turns of the CPUs. `cpus` are those of the
// seats.

namespace ipcbench {

std::chrono::nanoseconds shortest_cast_block(const CaseSpec& spec, std::span<const int> cpus);
// Returns that of a pilot's batch, of two turns for each seat. A shorter one finds what happens to run at the moment.
std::chrono::nanoseconds shortest_cast_pilot(const CaseSpec& spec, std::span<const int> cpus);

}  // namespace ipcbench

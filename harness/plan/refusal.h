#pragma once

#include <optional>
#include <string>

#include "harness/cgroup/memory_limit.h"
#include "harness/host/topology.h"
#include "harness/plan/planned_case.h"
#include "harness/sdk/transport.h"

// What can be measured here, and why not. Nothing of it is found out by trying.

namespace ipcbench {

// What a case asks of memory: of all processes together, and of the larger of its workers. Buffers of the loops, and
// what the transport says that its objects take. Bytes; what fits into no integer is the largest one.
struct MemoryNeed {
  std::size_t all = 0;
  std::size_t each = 0;
};
MemoryNeed memory_need(const CaseSpec& spec, const Transport& transport);

// Why a message of the case's size can't be sent here with its options, "" if it can. `host` is what probe() says.
std::string message_refusal(const CaseSpec& spec, const Transport& transport, const Availability& host,
                            const MemoryLimits& memory);

// Why a case can't be measured here, "" if it can. With `cpus` it doesn't matter whether the topology has a pair of its
// own for the placement.
std::string refusal(const CaseSpec& spec, const Transport& transport, const Availability& host,
                    const Topology& topology, const MemoryLimits& memory, std::optional<CpuPair> cpus = std::nullopt);

// Gives a case that nothing but its size forbids the largest message of its transport, and says so in `at_largest`;
// where that can't be measured either, or something else forbids the case, it says why in `skip_reason`. A transport
// whose messages are all of one size has cases of that size only.
void fit_to_host(PlannedCase& planned, const Transport& transport, const Availability& host, const Topology& topology,
                 const MemoryLimits& memory, std::optional<CpuPair> cpus = std::nullopt);

}  // namespace ipcbench

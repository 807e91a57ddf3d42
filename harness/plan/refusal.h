#pragma once

#include <optional>
#include <string>

#include "harness/cgroup/memory_limit.h"
#include "harness/host/topology.h"
#include "harness/plan/planned_case.h"
#include "harness/sdk/transport.h"

// Decides what can be measured here, and why not, without trying it.

namespace ipcbench {

// Holds the bytes of memory that a case needs: of all processes together, and of the larger worker. It counts the
// loops' buffers, an open loop's stamps, and what the transport reports for its objects. Sums that overflow become the
// largest integer.
struct MemoryNeed {
  std::size_t all = 0;
  std::size_t each = 0;
};
MemoryNeed memory_need(const CaseSpec& spec, const Transport& transport);

// Says why a message of the case's size can't be sent here with its options; "" if it can. `host` is the result of
// probe().
std::string message_refusal(const CaseSpec& spec, const Transport& transport, const Availability& host,
                            const MemoryLimits& memory);

// Says why a case can't be measured here; "" if it can. With `cpus`, the topology need not have a pair for the
// placement.
std::string refusal(const CaseSpec& spec, const Transport& transport, const Availability& host,
                    const Topology& topology, const MemoryLimits& memory, std::optional<CpuPair> cpus = std::nullopt);

// Says why a case can't have such workers here; "" if it can.
std::string workers_refusal(Workers workers, const TransportInfo& info);

// Says why a case's messages can't be written and checked like this; "" if they can.
std::string payload_refusal(PayloadMode payload, const CaseSpec& spec, const TransportInfo& info);

// Makes a case fit this host. If only its size is impossible, it gets its transport's largest message, and `at_largest`
// records it. If that can't be measured either, or something else forbids the case, `skip_reason` says why. A transport
// with messages of a single size has only cases of that size.
void fit_to_host(PlannedCase& planned, const Transport& transport, const Availability& host, const Topology& topology,
                 const MemoryLimits& memory, std::optional<CpuPair> cpus = std::nullopt);

}  // namespace ipcbench

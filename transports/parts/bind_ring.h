#pragma once

#include <memory>

#include "harness/sdk/transport.h"
#include "transports/parts/ring_endpoint.h"
#include "transports/parts/ring_waits.h"

namespace ipcbench {

// Make one side of a channel, ready to run: RingEndpoint or RingLoanEndpoint with the policy of `waits`. All mappings
// share these types, so the measured loops are instantiated once, here, and not in each transport. To be called in a
// worker; throw std::system_error.
std::unique_ptr<Endpoint> bind_ring(const RingWaits& waits, Mapping channel, const RingShape& shape, Role role);
std::unique_ptr<Endpoint> bind_lending_ring(const RingWaits& waits, Mapping channel, const RingShape& shape, Role role);

}  // namespace ipcbench

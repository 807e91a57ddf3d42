#include "transports/parts/bind_ring.h"
#include "transports/parts/bind_ring_as.h"

namespace ipcbench {

std::unique_ptr<Endpoint> bind_lending_ring(const RingWaits& waits, Mapping channel, const RingShape& shape,
                                            Role role) {
  return bind_ring_as<RingLoanEndpoint>(waits, std::move(channel), shape, role);
}

}  // namespace ipcbench

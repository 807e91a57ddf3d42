#pragma once

#include <chrono>
#include <memory>

#include "harness/sdk/transport.h"
#include "transports/parts/ring_endpoint.h"
#include "transports/parts/wake.h"

namespace ipcbench {

// RingWaits is how the sides of a session's channel wait: by the session's wait strategy and its option `wake`.
class RingWaits {
 public:
  // Throws std::system_error.
  explicit RingWaits(const SessionConfig& config)
      : strategy(config.wait),
        clock(config.clock),
        hybrid_spin(config.hybrid_spin),
        objects(wake_named(config.option("wake")), config.run_dir) {}

  WaitStrategy strategy;
  Clock clock;
  std::chrono::nanoseconds hybrid_spin;
  WakeObjects objects;
};

// Make one side of a channel, ready to run: RingEndpoint or RingLoanEndpoint with the policy of `waits`. All mappings
// share these types, so the measured loops are instantiated once, here, and not in each transport. To be called in a
// worker; throw std::system_error.
std::unique_ptr<Endpoint> bind_ring(const RingWaits& waits, Mapping channel, const RingShape& shape, Role role);
std::unique_ptr<Endpoint> bind_lending_ring(const RingWaits& waits, Mapping channel, const RingShape& shape, Role role);

}  // namespace ipcbench

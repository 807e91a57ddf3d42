#pragma once

#include <chrono>

#include "harness/sdk/transport.h"
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
        objects(parse_wake(config.option("wake")), config.run_dir) {}

  WaitStrategy strategy;
  Clock clock;
  std::chrono::nanoseconds hybrid_spin;
  WakeObjects objects;
};

}  // namespace ipcbench

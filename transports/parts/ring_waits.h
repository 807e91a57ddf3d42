#pragma once

#include <chrono>

#include "harness/sdk/transport.h"
#include "transports/parts/wake.h"

namespace ipcbench {

// RingWaits is how one side of a channel of rings waits: by its wait strategy and its option `wake`.
struct RingWaits {
  // Throws std::system_error.
  RingWaits(Ticket& ticket, const SeatConfig& config)
      : strategy(config.wait),
        clock(config.clock),
        hybrid_spin(config.hybrid_spin),
        wakes(parse_wake(config.option("wake")), ticket) {}

  WaitStrategy strategy;
  Clock clock;
  std::chrono::nanoseconds hybrid_spin;
  SeatWakes wakes;
};

}  // namespace ipcbench

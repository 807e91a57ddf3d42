#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "harness/floors/canary.h"
#include "harness/ipc/buffer_size.h"
#include "harness/measure/run_log.h"
#include "harness/sdk/rendezvous.h"

namespace ipcbench {

// Holds what the coordinator and the two workers of a launch share: an anonymous mapping, zeroed at first.
struct ControlBlock {
  std::uint32_t gate;                      // futex word: 0 shut, 1 open
  std::array<CanaryLine, 2> canary_lines;  // before and after
  std::array<double, 2> canary_ns;         // by the producer; 0 where there is none
  std::array<BufferSizes, 2> buffers;      // of each side, by Role, before it is ready
  Rendezvous::PairCells rendezvous;
  RunLog log;
};

}  // namespace ipcbench

#pragma once

#include <array>
#include <cstdint>

#include "harness/floors/canary.h"
#include "harness/ipc/buffer_size.h"
#include "harness/launch/worker_orders.h"
#include "harness/measure/run_log.h"
#include "results/model/record.h"

namespace ipcbench {

enum class SetupGate : std::uint32_t { shut, open, close, leave };

// Clock ticks around what one side does.
struct SetupTimes {
  std::uint64_t open_begin, open_end, close_begin, close_end;
};

// Shared by the coordinator, the process that makes channels, and its workers. Zeroed at first.
struct SetupBoard {
  std::uint32_t gate;     // futex word: a SetupGate
  std::uint32_t arrived;  // workers at their next gate
  std::array<SetupTimes, 2> sides;
  std::array<SideLog, 2> logs;             // by Role: why a worker has failed
  std::array<CanaryLine, 2> canary_lines;  // before the first channel and after the last
  std::array<double, 2> canary_ns;         // 0 where there is none
  std::array<BufferSizes, 2> buffers;      // of a channel that isn't timed, by Role
  Rendezvous::PairCells rendezvous;        // of the channel in hand
  SetupRecord times;                       // medians
  double channel_ns;                       // wall time of a channel, starts of workers included
  bool done;
  bool traced;                    // by another process, which `failure` names
  std::array<char, 256> failure;  // of the process that makes channels
};

// Lets workers pass up to `gate`.
void set_gate(SetupBoard& board, SetupGate gate) noexcept;

// Runs a worker that opens its side of one channel and closes it again, each when its gate opens. Returns its exit
// code: 1 with the reason in its log on the board.
int set_up_side(const WorkerOrders& orders, const Transport& transport, Ticket ticket, SetupBoard& board,
                int told) noexcept;

}  // namespace ipcbench

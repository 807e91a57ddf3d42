#pragma once

#include <sys/types.h>

#include "harness/base/unique_fd.h"
#include "harness/launch/channel_side.h"
#include "harness/launch/launch_memory.h"
#include "harness/launch/start_worker.h"
#include "harness/process/child.h"

namespace ipcbench {

// Owns a worker that holds one side of many channels.
class ChannelWorker {
 public:
  // Starts the worker. `orders` say how many channels there are; `memory` has a PairCells for each. Throws
  // std::system_error.
  ChannelWorker(Workers workers, const WorkerOrders& orders, WorkerTickets& tickets, const LaunchMemory& memory);

  void send(const ChannelOrder& order);
  // Waits for the report on the last order. A dead worker yields a failed report.
  ChannelReply receive();
  int fd() const noexcept { return near_.get(); }  // readable when it has a report or has died
  pid_t pid() const noexcept { return child_.pid(); }

 private:
  UniqueFd near_;
  Child child_;
};

}  // namespace ipcbench

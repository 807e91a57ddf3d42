#include "harness/process/wait_with_deadline.h"

#include "harness/base/first_readable.h"
#include "harness/process/stop_signals.h"

namespace ipcbench {

bool wait_with_deadline(Child& child, std::chrono::nanoseconds time, OnStop on_stop) {
  if (!child.running()) return true;
  const int stop = on_stop == OnStop::kill ? stop_now_fd() : -1;
  const bool ended = first_readable({child.pidfd(), stop}, std::chrono::steady_clock::now() + time) == 0u;
  if (!ended) child.kill();
  child.wait();
  return ended;
}

}  // namespace ipcbench

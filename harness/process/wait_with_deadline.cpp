#include "harness/process/wait_with_deadline.h"

#include <optional>

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

bool wait_while_it_goes_on(Child& child, const std::atomic<std::uint32_t>& steps, std::chrono::nanoseconds time) {
  std::optional<std::size_t> woken;
  std::uint32_t seen = 0;
  do {
    seen = steps.load(std::memory_order_relaxed);
    woken = first_readable({child.pidfd(), stop_now_fd()}, std::chrono::steady_clock::now() + time);
  } while (!woken && steps.load(std::memory_order_relaxed) != seen);
  if (woken != 0u) child.kill();
  child.wait();
  return woken == 0u;
}

}  // namespace ipcbench

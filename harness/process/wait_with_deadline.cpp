#include "harness/process/wait_with_deadline.h"

#include <poll.h>

#include <array>
#include <cerrno>

#include "harness/base/error.h"
#include "harness/process/stop_signals.h"

namespace ipcbench {
namespace {

using Time = std::chrono::steady_clock;

bool exits_before(const Child& child, Time::time_point deadline, OnStop on_stop) {
  const bool stops = on_stop == OnStop::kill;
  while (!(stops && stop_now())) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Time::now());
    if (left.count() <= 0) return false;
    std::array<pollfd, 2> fds{{{.fd = child.pidfd(), .events = POLLIN, .revents = 0},
                               {.fd = stops ? stop_now_fd() : -1, .events = POLLIN, .revents = 0}}};
    if (::poll(fds.data(), fds.size(), static_cast<int>(left.count())) < 0 && errno != EINTR) {
      throw_errno("poll on process {}", child.pid());
    }
    if (fds[0].revents != 0) return true;
  }
  return false;
}

}  // namespace

bool wait_with_deadline(Child& child, std::chrono::nanoseconds time, OnStop on_stop) {
  if (!child.running()) return true;
  const bool ended = exits_before(child, Time::now() + time, on_stop);
  if (!ended) child.kill();
  child.wait();
  return ended;
}

}  // namespace ipcbench

#pragma once

#include <poll.h>

#include <array>

#include <gtest/gtest.h>

#include "harness/process/call_counter.h"
#include "harness/process/child.h"

namespace ipcbench {

inline constexpr int kCountingWatchdogMs = 60'000;

// Lets the child continue whenever the counter has stopped it, until it has ended well.
inline void serve_until_end(CallCounter& counter, Child& child) {
  while (true) {
    std::array<pollfd, 2> fds{
        {{.fd = counter.fd(), .events = POLLIN, .revents = 0}, {.fd = child.pidfd(), .events = POLLIN, .revents = 0}}};
    if (::poll(fds.data(), fds.size(), kCountingWatchdogMs) == 0) {
      ADD_FAILURE() << "the child hangs";
      break;
    }
    if (fds[1].revents != 0) break;
    counter.handle_calls();
  }
  EXPECT_TRUE(child.wait().clean());
}

}  // namespace ipcbench

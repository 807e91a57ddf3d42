#pragma once

#include <memory>
#include <stdexcept>
#include <utility>

#include "harness/sdk/fd_wait.h"
#include "scenarios/bind.h"

namespace ipcbench {

// Constructs E<Wait> from `args`, ready to run, with the Wait of the given strategy. Throws std::logic_error for
// hybrid, which needs memory to spin on, and for io_uring, which has endpoints of its own.
template <template <class> class E, class... Args>
std::unique_ptr<Endpoint> bind_fd_endpoint(WaitStrategy wait, Args&&... args) {
  switch (wait) {
    case WaitStrategy::block:
      return bind_endpoint<E<FdBlock>>(std::forward<Args>(args)...);
    case WaitStrategy::spin:
      return bind_endpoint<E<FdSpin>>(std::forward<Args>(args)...);
    case WaitStrategy::poll:
      return bind_endpoint<E<FdPoll>>(std::forward<Args>(args)...);
    case WaitStrategy::hybrid:
    case WaitStrategy::io_uring:
      break;
  }
  throw std::logic_error("these descriptors can't be waited for in this way");
}

}  // namespace ipcbench

#include <utility>

#include "harness/sdk/fd_stream.h"
#include "scenarios/bind_descriptors.h"
#include "scenarios/bind_fd.h"

namespace ipcbench {

std::unique_ptr<Endpoint> bind_stream(WaitStrategy wait, UniqueFd in, UniqueFd out) {
  if (wait == WaitStrategy::io_uring) return bind_uring_stream(std::move(in), std::move(out));
  return bind_fd_endpoint<FdStream>(wait, std::move(in), std::move(out));
}

std::unique_ptr<Endpoint> bind_stream(WaitStrategy wait, UniqueFd both) {
  return bind_stream(wait, std::move(both), UniqueFd());
}

}  // namespace ipcbench

#include <utility>

#include "harness/sdk/fd_message.h"
#include "scenarios/bind_descriptors.h"
#include "scenarios/bind_fd.h"

namespace ipcbench {

std::unique_ptr<Endpoint> bind_messages(WaitStrategy wait, UniqueFd both) {
  return bind_fd_endpoint<FdMessage>(wait, std::move(both));
}

}  // namespace ipcbench

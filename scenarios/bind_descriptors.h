#pragma once

#include <memory>

#include "harness/base/unique_fd.h"
#include "harness/sdk/endpoint.h"

namespace ipcbench {

// One side of a channel over descriptors, ready to run: FdStream and FdMessage with the given way of waiting. Several
// transports differ in nothing but the descriptors, so the measured loops are instantiated for them once, here, and not
// in each transport. In a worker; throws std::system_error, and std::logic_error for a wait that descriptors haven't.
std::unique_ptr<Endpoint> bind_stream(WaitStrategy wait, UniqueFd in, UniqueFd out);  // two one-way descriptors
std::unique_ptr<Endpoint> bind_stream(WaitStrategy wait, UniqueFd both);
std::unique_ptr<Endpoint> bind_messages(WaitStrategy wait, UniqueFd both);

}  // namespace ipcbench

#pragma once

#include <memory>

#include "harness/base/unique_fd.h"
#include "harness/sdk/endpoint.h"

namespace ipcbench {

// Make one side of a channel over descriptors, ready to run: FdStream, UringStream or FdMessage, by wait strategy.
// Several transports differ only in their descriptors, so the measured loops are instantiated once, here. To be called
// in a worker. Throw std::system_error, and std::logic_error for a wait strategy that descriptors lack.
std::unique_ptr<Endpoint> bind_stream(WaitStrategy wait, UniqueFd in, UniqueFd out);  // two one-way descriptors
std::unique_ptr<Endpoint> bind_stream(WaitStrategy wait, UniqueFd both);
std::unique_ptr<Endpoint> bind_uring_stream(UniqueFd in, UniqueFd out);  // bind_stream() with io_uring
std::unique_ptr<Endpoint> bind_messages(WaitStrategy wait, UniqueFd both);

}  // namespace ipcbench

#pragma once

#include <memory>
#include <string>

#include "harness/base/unique_fd.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// Opens the consumer's side by a foreign worker, which `socket` leads to and which has been told to open it: the worker
// of this program in that seat only says what is to be done and takes part in the rendezvous. `worker` names it in
// errors. Throws std::runtime_error.
std::unique_ptr<Endpoint> join_foreign(const std::string& worker, UniqueFd socket, bool touches_payload,
                                       const SeatConfig& config);

}  // namespace ipcbench

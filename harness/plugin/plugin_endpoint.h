#pragma once

#include <memory>
#include <string>

#include "harness/sdk/endpoint.h"
#include "harness/sdk/ticket.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// Opens the side of one seat of a plug-in's session, in its worker: loads the library at `path`, and takes standard
// output away from it. Throws std::runtime_error that names the plug-in's function and what went wrong; it is a
// std::system_error if the plug-in's join() returned an errno.
std::unique_ptr<Endpoint> join_plugin(const std::string& path, const std::string& transport, Ticket ticket,
                                      const SeatConfig& config);

}  // namespace ipcbench

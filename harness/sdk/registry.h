#pragma once

#include <span>
#include <string_view>

#include "harness/sdk/transport.h"

namespace ipcbench {

// RegisteredTransport is one entry of the build's list of transports, in table order. `transport` is null if this build
// lacks it.
struct RegisteredTransport {
  std::string_view name;
  const Transport* transport = nullptr;
  std::string_view missing_reason = "";  // why it was not built
};

// Returns all entries, hidden transports last. ipcbench_add_transport() in transports/CMakeLists.txt generates the
// list.
std::span<const RegisteredTransport> registered_transports();

// Returns the entry of that name, built or not; nullptr if there is none.
const RegisteredTransport* find_registered(std::string_view name);
// Returns the transport of that name; nullptr if there is none or it was not built.
const Transport* find_transport(std::string_view name);

}  // namespace ipcbench

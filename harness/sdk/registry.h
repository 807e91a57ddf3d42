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

// Returns the entries of the build and those that were added later; hidden transports are last. A span is valid until
// the next register_transport(). ipcbench_add_transport() in transports/CMakeLists.txt generates it.
std::span<const RegisteredTransport> registered_transports();
// Returns the entries of a build's own list with those that were added; the list is that of the first call.
std::span<const RegisteredTransport> with_added(std::span<const RegisteredTransport> built_in);
// Adds a transport, which must live as long as the program, and whose name no other entry has.
void register_transport(const RegisteredTransport& entry);

// Returns the entry of that name, built or not; nullptr if there is none.
const RegisteredTransport* find_registered(std::string_view name);
// Returns the transport of that name; nullptr if there is none or it was not built.
const Transport* find_transport(std::string_view name);

}  // namespace ipcbench

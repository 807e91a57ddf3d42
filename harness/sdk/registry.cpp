#include "harness/sdk/registry.h"

namespace ipcbench {

const RegisteredTransport* find_registered(std::string_view name) {
  for (const RegisteredTransport& entry : registered_transports()) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

const Transport* find_transport(std::string_view name) {
  const RegisteredTransport* entry = find_registered(name);
  return entry == nullptr ? nullptr : entry->transport;
}

}  // namespace ipcbench

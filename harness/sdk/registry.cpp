#include "harness/sdk/registry.h"

#include <algorithm>
#include <vector>

namespace ipcbench {
namespace {

std::vector<RegisteredTransport>& all_transports() {
  static std::vector<RegisteredTransport> all;
  return all;
}

}  // namespace

std::span<const RegisteredTransport> with_added(std::span<const RegisteredTransport> built_in) {
  std::vector<RegisteredTransport>& all = all_transports();
  if (all.empty()) all.assign(built_in.begin(), built_in.end());
  return all;
}

void register_transport(const RegisteredTransport& entry) {
  registered_transports();  // those of the build come first
  std::vector<RegisteredTransport>& all = all_transports();
  const auto is_hidden = [](const RegisteredTransport& one) { return one.transport && one.transport->info().hidden; };
  all.insert(std::ranges::find_if(all, is_hidden), entry);
}

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

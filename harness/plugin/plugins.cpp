#include "harness/plugin/plugins.h"

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "harness/plugin/plugin_host.h"
#include "harness/plugin/plugin_library.h"
#include "harness/plugin/plugin_transport.h"
#include "harness/sdk/registry.h"

namespace ipcbench {
namespace {

// Transports live as long as the program.
std::deque<PluginTransport>& transports() {
  static std::deque<PluginTransport> all;
  return all;
}

std::vector<std::string>& paths_added() {
  static std::vector<std::string> paths;
  return paths;
}

void add(const PluginFile& file, std::vector<PluginFacts> all) {
  for (PluginFacts& facts : all) {
    if (find_registered(facts.name) != nullptr)
      throw std::runtime_error(fmt::format("it has a transport '{}', which is the name of another", facts.name));
    const PluginTransport& transport = transports().emplace_back(file, std::move(facts));
    register_transport({.name = transport.info().name, .transport = &transport});
  }
  paths_added().push_back(file.path);
}

}  // namespace

void add_plugins(const std::vector<std::string>& paths) {
  std::vector<std::string> all = paths;
  std::ranges::copy(plugins_of_environment(), std::back_inserter(all));
  for (const std::string& path : all) {
    const PluginFile file = plugin_file(path);
    if (std::ranges::count(paths_added(), file.path) != 0) continue;
    try {
      add(file, PluginHost(file.path, nullptr).facts());
    } catch (const std::runtime_error& error) {
      throw UsageError(fmt::format("--plugin {}: {}", path, error.what()));
    }
  }
}

void add_plugin_of_worker(const std::string& path) { add({.path = path, .sha256 = ""}, PluginLibrary(path).facts()); }

}  // namespace ipcbench

#include "harness/plugin/plugins.h"

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "harness/plugin/foreign_command.h"
#include "harness/plugin/foreign_facts.h"
#include "harness/plugin/foreign_transport.h"
#include "harness/plugin/plugin_host.h"
#include "harness/plugin/plugin_library.h"
#include "harness/plugin/plugin_transport.h"
#include "harness/sdk/registry.h"

namespace ipcbench {
namespace {

// Transports live as long as the program.
template <class T>
std::deque<T>& transports() {
  static std::deque<T> all;
  return all;
}

template <class T>
void register_last() {
  const T& transport = transports<T>().back();
  const std::string_view name = transport.info().name;
  if (find_registered(name) != nullptr)
    throw std::runtime_error(fmt::format("it has a transport '{}', which is the name of another", name));
  register_transport({.name = name, .transport = &transport});
}

std::vector<std::string>& paths_added() {
  static std::vector<std::string> paths;
  return paths;
}

void add(const PluginFile& file, std::vector<PluginFacts> all) {
  for (PluginFacts& facts : all) {
    transports<PluginTransport>().emplace_back(file, std::move(facts));
    register_last<PluginTransport>();
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

void add_foreign_workers(const std::vector<std::string>& commands) {
  for (const std::string& text : commands) {
    const ForeignCommand command = foreign_command(text);
    try {
      const ForeignFacts facts = described(command);
      for (const std::string& name : facts.transports) {
        const Transport* transport = find_transport(name);
        if (transport == nullptr)
          throw std::runtime_error(fmt::format("transports has '{}', which this build has not", name));
        transports<ForeignTransport>().emplace_back(command, facts, *transport);
        register_last<ForeignTransport>();
      }
    } catch (const std::runtime_error& error) {
      throw UsageError(fmt::format("--worker '{}': {}", text, error.what()));
    }
  }
}

void add_plugin_of_worker(const std::string& path) { add({.path = path, .sha256 = ""}, PluginLibrary(path).facts()); }

}  // namespace ipcbench

#pragma once

#include <ipcbench/transport.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plugin/plugin_facts.h"

namespace ipcbench {

// PluginLibrary is a plug-in's library in this process: a host or a worker, never the coordinator. It stays loaded
// until the process ends, since its threads may outlive any call.
class PluginLibrary {
 public:
  // Loads the library at an absolute path and checks it. Throws std::runtime_error that says what is wrong with it.
  explicit PluginLibrary(const std::string& path);

  const std::vector<PluginFacts>& facts() const noexcept { return facts_; }
  // Return the transport of that name, and what it says of itself. Throw std::runtime_error if there is none.
  const ipcbench_transport& transport(std::string_view name) const { return *library_->transports[place_of(name)]; }
  const PluginFacts& facts(std::string_view name) const { return facts_[place_of(name)]; }

 private:
  std::size_t place_of(std::string_view name) const;

  const ipcbench_library* library_ = nullptr;
  std::vector<PluginFacts> facts_;
};

// Returns the errno that a plug-in's function has returned as a negative number; 0 if the result is no errno.
constexpr int errno_of(int result) noexcept { return result < 0 && result >= -4095 ? -result : 0; }

// Returns the text of an error that a plug-in's function has returned: "create(): No space left on device: no slot".
std::string error_of(std::string_view function, int result, const std::string& text);

}  // namespace ipcbench

#include "harness/plugin/plugin_library.h"

#include <dlfcn.h>

#include <cstring>
#include <stdexcept>

#include <fmt/format.h>

namespace ipcbench {

PluginLibrary::PluginLibrary(const std::string& path) {
  void* const handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw std::runtime_error(::dlerror());
  auto* const entry = reinterpret_cast<decltype(&ipcbench_plugin)>(::dlsym(handle, "ipcbench_plugin"));
  if (entry == nullptr) throw std::runtime_error("it exports no function ipcbench_plugin(): it is no plug-in");
  library_ = entry();
  facts_ = facts_of(library_);
}

std::size_t PluginLibrary::place_of(std::string_view name) const {
  for (std::size_t place = 0; place < facts_.size(); ++place) {
    if (facts_[place].name == name) return place;
  }
  throw std::runtime_error(fmt::format("it has no transport '{}'", name));
}

std::string error_of(std::string_view function, int result, const std::string& text) {
  const int number = errno_of(result);
  std::string error = number != 0 ? fmt::format("{}(): {}", function, std::strerror(number))
                                  : fmt::format("{}() returned {}, which is no error", function, result);
  if (!text.empty()) error += ": " + text;
  return error;
}

}  // namespace ipcbench

#include "harness/transport/transport.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/core.h>

#include "harness/os/usage_error.h"

namespace ipcbench {

std::string_view SessionConfig::option(std::string_view name) const {
  const auto found = options.find(name);
  if (found == options.end()) throw std::out_of_range(fmt::format("option '{}' is not declared", name));
  return found->second;
}

std::size_t SessionConfig::option_size(std::string_view name) const { return parse_size(option(name), name); }
std::size_t SessionConfig::option_count(std::string_view name) const { return parse_count(option(name), name); }

std::string size_refusal(const TransportInfo& info, const Available& host, std::size_t size) {
  const Capabilities& can = info.capabilities;
  if (!can.carries_payload) return size == 0 ? "" : fmt::format("{} carries no payload", info.name);
  const std::size_t smallest = std::max<std::size_t>(can.min_message, 1);
  if (size < smallest) return fmt::format("the smallest message of {} is {}", info.name, format_size(smallest));
  if (size > host.max_message) {
    const std::string limit =
        host.limit.empty() ? fmt::format("the largest message here is {} bytes", host.max_message) : host.limit;
    return fmt::format("{}, the case needs {}", limit, size);
  }
  if (size > can.max_message)
    return fmt::format("the largest message of {} is {}", info.name, format_size(can.max_message));
  return "";
}

}  // namespace ipcbench

#include "harness/host_checks/host_check_parts.h"

#include <utility>

#include <fmt/core.h>

namespace ipcbench {

HostCheck unreadable(std::string id, std::string source, const std::string& reason) {
  std::string text = fmt::format("can't be told: {}: {}", source, reason);
  return {.id = std::move(id),
          .severity = Severity::note,
          .text = std::move(text),
          .source = std::move(source),
          .value = "unknown"};
}

HostCheck not_recorded(std::string id, std::string source) {
  return {.id = std::move(id),
          .severity = Severity::fine,
          .text = "a recorded tree doesn't tell",
          .source = std::move(source),
          .value = "unknown"};
}

HostCheck not_there(std::string id, std::string source) {
  return {.id = std::move(id),
          .severity = Severity::fine,
          .text = "this kernel has nothing of the kind",
          .source = std::move(source),
          .value = "none"};
}

}  // namespace ipcbench

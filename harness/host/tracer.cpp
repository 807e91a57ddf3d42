#include "harness/host/tracer.h"

namespace ipcbench {

std::optional<std::string> tracer_of(const HostFiles& files) {
  const std::string pid = value_in_lines(files.read("/proc/self/status").text.value_or(""), "TracerPid");
  if (pid.empty()) return std::nullopt;
  if (pid == "0") return "";
  return files.read("/proc/" + pid + "/comm").text.value_or("a process that isn't shown");
}

std::string why_traced() {
  const std::string name = tracer_of(HostFiles("")).value_or("");
  if (name.empty()) return {};
  return name + " traces it: each system call stops twice, and the times are not the mechanism's";
}

}  // namespace ipcbench

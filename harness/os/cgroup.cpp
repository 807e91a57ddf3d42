#include "harness/os/cgroup.h"

#include <fmt/core.h>

#include "harness/os/take_line.h"

namespace ipcbench {

std::optional<std::string> cgroup_path(std::string_view groups, std::string_view controller) {
  while (!groups.empty()) {
    const std::string_view line = take_line(groups);
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string controllers = fmt::format(",{},", line.substr(first + 1, second - first - 1));
    if (controllers.find(fmt::format(",{},", controller)) != std::string::npos) {
      return std::string(line.substr(second + 1));
    }
  }
  return std::nullopt;
}

std::vector<std::string> cgroup_folders(const std::string& mount, std::string path) {
  std::vector<std::string> folders;
  for (;;) {
    if (path == "/") path.clear();
    folders.push_back(mount + path);
    if (path.empty()) return folders;
    path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  }
}

}  // namespace ipcbench

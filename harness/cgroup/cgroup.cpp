#include "harness/cgroup/cgroup.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "harness/base/io.h"
#include "harness/base/take_line.h"
#include "harness/files/mount_table.h"

namespace ipcbench {
namespace {

bool lists(std::string_view words, std::string_view word) {
  return fmt::format(",{},", words).find(fmt::format(",{},", word)) != std::string::npos;
}

// Returns the process's path in the hierarchy, from a line "4:cpu,cpuacct:/a/b", or "0::/a/b" for version 2.
std::optional<std::string_view> path_of(std::string_view groups, std::string_view controller) {
  while (!groups.empty()) {
    const std::string_view line = take_line(groups);
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    if (lists(line.substr(first + 1, second - first - 1), controller)) return line.substr(second + 1);
  }
  return std::nullopt;
}

// Returns the part of a process's path below what a mount shows; nullopt for a group that the mount doesn't show.
std::optional<std::string_view> below(std::string_view path, std::string_view mount_root) {
  if (mount_root == "/") mount_root = "";
  if (!path.starts_with(mount_root)) return std::nullopt;
  path.remove_prefix(mount_root.size());
  if (path == "/") path = "";
  // "/.." is above the root of the process's cgroup namespace.
  if ((!path.empty() && path[0] != '/') || path.starts_with("/..")) return std::nullopt;
  return path;
}

}  // namespace

std::vector<std::string> cgroup_folders(std::string_view groups, std::string_view mounts, std::string_view controller) {
  const auto path = path_of(groups, controller);
  if (!path) return {};
  std::optional<std::pair<std::string, std::string_view>> found;  // the mount point, and the path below it
  for (const Mount& mount : mount_table(mounts)) {
    const bool matches =
        controller.empty() ? mount.type == "cgroup2" : mount.type == "cgroup" && lists(mount.super_options, controller);
    if (!matches) continue;
    const auto inside = below(*path, mount.root);
    if (inside || !found) found.emplace(mount.point, inside.value_or(""));
    if (inside) break;
  }
  if (!found) return {};
  std::vector<std::string> folders;
  auto& [point, inside] = *found;
  for (;; inside = inside.substr(0, inside.rfind('/'))) {
    folders.push_back(point + std::string(inside));
    if (inside.empty()) return folders;
  }
}

std::vector<std::string> own_cgroup_folders(std::string_view controller, const std::string& root) {
  return cgroup_folders(read_file_or_empty(root + "/proc/self/cgroup"),
                        read_file_or_empty(root + "/proc/self/mountinfo"), controller);
}

}  // namespace ipcbench

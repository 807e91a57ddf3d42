#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipcbench {

// The path of a process in a hierarchy of control groups, cgroups(7), from what /proc/PID/cgroup holds: lines
// "4:cpu,cpuacct:/a/b", or "0::/a/b" for version 2, whose `controller` is "". nullopt: it has no such hierarchy.
std::optional<std::string> cgroup_path(std::string_view groups, std::string_view controller);

// A process's group and those above it, nearest first, as folders below a mount point. A container sees the path of
// its host, but its own group at the mount point, so that some of them don't exist.
std::vector<std::string> cgroup_folders(const std::string& mount, std::string path);

}  // namespace ipcbench

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ipcbench {

// Where a process's control group is, cgroups(7), and those above it as far as they can be seen: folders, nearest
// first. `controller` names the hierarchy of version 1 ("memory", "cpu"), or is "" for version 2. `groups` is the text
// of /proc/PID/cgroup and `mounts` that of /proc/PID/mountinfo, since a hierarchy may be mounted anywhere, and a
// container may see its own group at the mount point. Empty: there is no such hierarchy, or it isn't mounted.
std::vector<std::string> cgroup_folders(std::string_view groups, std::string_view mounts, std::string_view controller);

// The same of this process, with `root` before the two files but not before the folders. Empty as well where one of
// them can't be read.
std::vector<std::string> own_cgroup_folders(std::string_view controller, const std::string& root = "");

}  // namespace ipcbench

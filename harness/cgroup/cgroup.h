#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ipcbench {

// Returns the folders of a process's control group, cgroups(7), and of those above it as far as they can be seen,
// nearest first. They are empty if there is no such hierarchy, or it isn't mounted. `controller` names the hierarchy of
// version 1 ("memory", "cpu"), or is "" for version 2. `groups` is the text of /proc/PID/cgroup, `mounts` that of
// /proc/PID/mountinfo: a hierarchy may be mounted anywhere, and a container may see its own group at the mount point.
std::vector<std::string> cgroup_folders(std::string_view groups, std::string_view mounts, std::string_view controller);

// Returns these folders for this process. `root` is put before the two files, not before the folders. The result is
// empty also if one of the files can't be read.
std::vector<std::string> own_cgroup_folders(std::string_view controller, const std::string& root = "");

}  // namespace ipcbench

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ipcbench {

// Mount is a line of /proc/PID/mountinfo, proc(5).
struct Mount {
  std::string root;   // the folder of the file system that is seen at `point`
  std::string point;  // relative to the process's root folder
  std::string type;   // "cgroup2", "overlay"
  std::string source;
  std::string super_options;  // those of the file system: "rw,memory", "rw,lowerdir=/a:/b"
};

// Returns the mounts of a text like that file, in its order; lines of another form are left out.
std::vector<Mount> mount_table(std::string_view mountinfo);

}  // namespace ipcbench

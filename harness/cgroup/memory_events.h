#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ipcbench {

// MemoryGroupLimit is a memory limit of a control group: its file's name, such as "memory.max", and what that file
// says.
struct MemoryGroupLimit {
  std::string name, value;
  std::uint64_t bytes = 0;   // that it allows
  std::uint64_t in_use = 0;  // bytes charged to the group
  std::uint64_t hits = 0;    // how often it was hit since the group was made
  std::string folder;        // of the group
};

// Returns the limits of this process's group and of those above it, nearest first: memory.high and memory.max of
// version 2, memory.limit_in_bytes of version 1. A limit that isn't set is left out. `root` is put before all paths.
std::vector<MemoryGroupLimit> memory_group_limits(const std::string& root = "");

// MemoryLimitWatch sees whether one of these limits was hit since the watch was made. The kernel then reclaimed memory
// from the group, or made it wait; others in the group may have caused it.
class MemoryLimitWatch {
 public:
  explicit MemoryLimitWatch(std::string root = "");
  // Returns the limits that were hit, nearest first.
  std::vector<MemoryGroupLimit> hit() const;

 private:
  std::string root_;
  std::vector<MemoryGroupLimit> before_;
};

}  // namespace ipcbench

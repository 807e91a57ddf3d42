#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/os/run_dir.h"

namespace ipcbench {

// A control group for memory, cgroups(7), made by this process: what the processes in it make the kernel allocate is
// charged to it, pages as well as the kernel's own objects and the buffers of sockets. Removed when its owner goes, by
// when its processes must have ended.
class MemoryGroup {
 public:
  // Below the nearest group of this process where it may make one; recorded in `run_dir`. Throws std::system_error
  // where there is no memory controller, or no permission.
  explicit MemoryGroup(RunDir& run_dir);
  MemoryGroup(const MemoryGroup&) = delete;
  MemoryGroup& operator=(const MemoryGroup&) = delete;
  ~MemoryGroup();

  std::string_view source() const noexcept { return version_ == 2 ? "cgroup-v2" : "cgroup-v1"; }
  // The calling process, and those it forks from now on. Throws std::system_error.
  void enter() const;
  // What is charged to it now, in bytes, read until it stands still (100 ms at most). Throws std::system_error.
  std::uint64_t bytes() const;

 private:
  std::uint64_t read_bytes() const;

  std::string path_;
  int version_;
  pid_t owner_;
};

// Proportional set size of a process in bytes, /proc/PID/smaps_rollup: its private pages, and its part of those that it
// shares. Throws std::system_error.
std::uint64_t proportional_set_size(pid_t pid);

}  // namespace ipcbench

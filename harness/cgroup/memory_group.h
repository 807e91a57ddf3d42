#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/process_owned.h"
#include "harness/cgroup/memory_stat.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// MemoryGroupPlace is where this process may make a control group that counts memory.
struct MemoryGroupPlace {
  std::string folder;  // of the group to make it in: this process's own, or one above it
  int version = 0;     // of control groups; 0: nowhere
  std::string reason;  // why nowhere
};
// Finds that place. `root` is put before all paths that are read. Never throws for a missing file.
MemoryGroupPlace find_memory_group_place(const std::string& root = "");

// MemoryGroup is a control group for memory, cgroups(7), made by this process. It is charged with what its processes
// make the kernel allocate: pages, the kernel's own objects, and the buffers of sockets. It is removed with its owner,
// by when its processes must have ended.
class MemoryGroup {
 public:
  // Makes the group below the nearest group of this process where it may, recorded in `run_dir`. Throws
  // std::system_error with the place's reason if there is no memory controller, or no permission.
  explicit MemoryGroup(RunDir& run_dir);
  MemoryGroup(const MemoryGroup&) = delete;
  MemoryGroup& operator=(const MemoryGroup&) = delete;
  ~MemoryGroup();

  std::string_view source() const noexcept { return version_ == 2 ? "cgroup-v2" : "cgroup-v1"; }
  // Moves the calling process, with those it forks from now on, into the group. Throws std::system_error.
  void enter() const;
  struct Usage {
    std::uint64_t pages = 0;   // bytes of the processes' memory, of files, and in sockets
    std::uint64_t kernel = 0;  // bytes of the kernel's own objects for them
    friend bool operator==(const Usage&, const Usage&) = default;
  };
  // Returns what is charged to the group now, read until it stands still for 2 ms, or 50 times. A process in the group
  // must call it; from outside it takes some seconds. Throws std::system_error.
  Usage usage() const;
  // Returns the sum of both.
  std::uint64_t bytes() const {
    const Usage now = usage();
    return now.pages + now.kernel;
  }

 private:
  Usage read_usage() const;

  std::string path_;
  int version_;
  ProcessOwned owner_;
  ZeroPageFaults faults_;
};

// Returns the proportional set size of `pid` in bytes, from /proc/PID/smaps, without private file mappings: the share
// of a library's pages depends on how many other processes map it. Throws std::system_error.
std::uint64_t proportional_data_size(pid_t pid);
// Returns the same for a text like that file.
std::uint64_t proportional_data_size(std::string_view smaps) noexcept;

}  // namespace ipcbench

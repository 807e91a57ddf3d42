#pragma once

#include <cstddef>
#include <string>

namespace ipcbench {

// How many bytes of memory this process can take, and what says so: "12345 bytes of memory are available".
struct AvailableMemory {
  std::size_t bytes = 0;
  std::string limit;
};

// What memory is limited by, for processes that are started from this one.
struct MemoryLimits {
  AvailableMemory all;   // of all of them together: what the machine has without swapping, what control groups leave
  AvailableMemory each;  // of one of them: the address space that `ulimit -v` leaves
};
// Memory that a group has in files' pages counts as free: the kernel takes those back. No limit where nothing can be
// read. `root` is put before all paths.
MemoryLimits memory_limits(const std::string& root = "");

// The least of what the machine has without swapping (MemAvailable), of what the limits of its control groups leave,
// and of the address space that `ulimit -v` leaves.
AvailableMemory available_memory(const std::string& root = "");

}  // namespace ipcbench

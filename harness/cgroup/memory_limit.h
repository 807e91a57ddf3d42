#pragma once

#include <cstddef>
#include <string>

namespace ipcbench {

// AvailableMemory is the memory that this process can take, in bytes, and what limits it: "12345 bytes of memory are
// available".
struct AvailableMemory {
  std::size_t bytes = 0;
  std::string limit;
};

// MemoryLimits are the limits of processes that are started from this one.
struct MemoryLimits {
  AvailableMemory all;   // of all of them together: what the machine has without swapping, what control groups leave
  AvailableMemory each;  // of one of them: the address space that `ulimit -v` leaves
};
// Returns the limits; there is none if nothing can be read. A group's file pages count as free memory, since the kernel
// takes those back. `root` is put before all paths.
MemoryLimits memory_limits(const std::string& root = "");

// Returns the least of three: what the machine has without swapping (MemAvailable), what the limits of its control
// groups leave, and the address space that `ulimit -v` leaves.
AvailableMemory available_memory(const std::string& root = "");

}  // namespace ipcbench

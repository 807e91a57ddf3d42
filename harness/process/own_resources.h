#pragma once

#include <sys/types.h>

#include <cstddef>
#include <vector>

namespace ipcbench {

// Counts the open descriptors of this process, and its threads. 0 where /proc can't be read.
std::size_t open_descriptor_count();
std::size_t thread_count();

// Returns the processes whose parent is `parent`, zombies included, in no order. None where /proc can't be read.
std::vector<pid_t> children_of(pid_t parent);

}  // namespace ipcbench

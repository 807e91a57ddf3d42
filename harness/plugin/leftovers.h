#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

#include "harness/base/unique_fd.h"

namespace ipcbench {

// OutputGuard takes standard output away from a plug-in, since that carries data only, and tells what was written to
// it.
class OutputGuard {
 public:
  OutputGuard();  // throws std::system_error
  // Returns "it wrote 12 bytes to standard output: hello"; "" if nothing was written. Written text is told once.
  std::string written();

 private:
  UniqueFd file_;  // a memfd, which is descriptor 1 of this process from now on
};

// Counts the open descriptors of this process.
std::size_t open_descriptor_count();

// Returns the processes whose parent this one is, in no order.
std::vector<pid_t> children_of_this_process();

// Returns how many threads this process has.
std::size_t thread_count();

}  // namespace ipcbench

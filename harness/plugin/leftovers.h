#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "harness/base/unique_fd.h"

namespace ipcbench {

// Returns the children of this process that still run, in no order. Those that have ended and wait to be reaped may be
// a plug-in's, which reaps them itself.
std::vector<pid_t> running_children();

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

}  // namespace ipcbench

#pragma once

#include <string>

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

}  // namespace ipcbench

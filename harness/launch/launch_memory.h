#pragma once

#include <cstddef>

#include "harness/base/unique_fd.h"
#include "harness/memory/mapping.h"
#include "harness/suite/workers.h"

namespace ipcbench {

// Memory that the coordinator and the workers of a launch share, zeroed at first: for forked workers a mapping that
// they inherit, for executed ones a memfd that they map.
class LaunchMemory {
 public:
  // Throws std::system_error.
  LaunchMemory(std::size_t size, Workers workers);

  std::byte* data() const noexcept { return mapping_.data(); }
  int descriptor() const noexcept { return file_.get(); }  // -1 where it is inherited

 private:
  UniqueFd file_;
  Mapping mapping_;
};

}  // namespace ipcbench

#pragma once

#include <vector>

#include "harness/process/affinity.h"

namespace ipcbench {

// ScopedAffinity restores the calling thread's CPUs at the end of a scope. The same thread must destroy it.
class ScopedAffinity {
 public:
  ScopedAffinity() : before_(allowed_cpus()) {}
  ScopedAffinity(const ScopedAffinity&) = delete;
  ScopedAffinity& operator=(const ScopedAffinity&) = delete;
  ~ScopedAffinity() {
    try {
      pin_to(before_);
    } catch (...) {  // a CPU that has gone offline meanwhile: the kernel has moved the thread already
    }
  }

 private:
  std::vector<int> before_;
};

}  // namespace ipcbench

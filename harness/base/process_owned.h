#pragma once

#include <unistd.h>

#include <utility>

namespace ipcbench {

// ProcessOwned says which process removes an object that outlives processes: the one that made it. A copy that a forked
// child inherits owns nothing, nor does one whose ownership was moved or given up.
class ProcessOwned {
 public:
  ProcessOwned() noexcept : owner_(::getpid()) {}
  ProcessOwned(ProcessOwned&& other) noexcept : owner_(std::exchange(other.owner_, 0)) {}
  ProcessOwned& operator=(ProcessOwned&& other) noexcept {
    owner_ = std::exchange(other.owner_, 0);
    return *this;
  }

  bool owned() const noexcept { return owner_ == ::getpid(); }
  // Gives the ownership up. Returns whether this process had it: whoever is told so removes the object.
  bool release() noexcept { return std::exchange(owner_, 0) == ::getpid(); }

 private:
  pid_t owner_;  // 0: nobody
};

}  // namespace ipcbench

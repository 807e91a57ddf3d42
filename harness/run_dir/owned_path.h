#pragma once

#include <unistd.h>

#include <string>
#include <utility>

#include "harness/base/process_owned.h"

namespace ipcbench {

// A path that this process has made, unlinked when the owner goes. A copy inherited by a forked child removes nothing.
class OwnedPath {
 public:
  explicit OwnedPath(std::string path) : path_(std::move(path)) {}
  OwnedPath(const OwnedPath&) = delete;
  OwnedPath& operator=(const OwnedPath&) = delete;
  ~OwnedPath() { remove(); }

  const std::string& str() const noexcept { return path_; }
  const char* c_str() const noexcept { return path_.c_str(); }

  void remove() noexcept {
    if (owner_.release()) ::unlink(path_.c_str());
  }
  // It wasn't made after all: what is there stays.
  void disown() noexcept { owner_.release(); }

 private:
  std::string path_;
  ProcessOwned owner_;
};

}  // namespace ipcbench

#pragma once

#include <unistd.h>

#include <string>
#include <utility>

#include "harness/base/process_owned.h"

namespace ipcbench {

// OwnedPath is a path that this process has made; its destructor unlinks it, but not in a forked child.
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
  // Gives up a path that wasn't made after all: what is there stays.
  void disown() noexcept { owner_.release(); }

 private:
  std::string path_;
  ProcessOwned owner_;
};

}  // namespace ipcbench

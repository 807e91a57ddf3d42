#pragma once

#include <unistd.h>

#include <string>
#include <utility>

namespace ipcbench {

// OwnedPath is a path that this process has made; its destructor unlinks it, but not in a forked child.
class OwnedPath {
 public:
  explicit OwnedPath(std::string path) : path_(std::move(path)), owner_(::getpid()) {}
  OwnedPath(const OwnedPath&) = delete;
  OwnedPath& operator=(const OwnedPath&) = delete;
  ~OwnedPath() { remove(); }

  const std::string& str() const noexcept { return path_; }
  const char* c_str() const noexcept { return path_.c_str(); }

  void remove() noexcept {
    if (owner_ == ::getpid() && !removed_) ::unlink(path_.c_str());
    removed_ = true;
  }
  // Gives up a path that wasn't made after all: what is there stays.
  void disown() noexcept { removed_ = true; }

 private:
  std::string path_;
  pid_t owner_;
  bool removed_ = false;
};

}  // namespace ipcbench

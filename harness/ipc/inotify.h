#pragma once

#include <string>

#include "harness/base/unique_fd.h"

namespace ipcbench {

// FileWatch watches one file, inotify(7). wait() returns when anybody has written to the file since the last wait().
class FileWatch {
 public:
  // Throws std::system_error naming the limit that is used up.
  explicit FileWatch(const std::string& path);

  // Waits for a write. The event comes after its write, so a look at the file then sees what was written; equal events
  // that wait are taken together. It may return early, for a signal.
  void wait() noexcept;

 private:
  UniqueFd inotify_;
};

// Says why no more `watches` can be made, each an inotify instance of its own; "" if they can.
std::string file_watch_refusal(int watches);

}  // namespace ipcbench

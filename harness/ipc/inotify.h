#pragma once

#include <string>

#include "harness/base/unique_fd.h"

namespace ipcbench {

// A watch on one file, inotify(7): wait() returns when it has been written to since the last wait(), by anybody.
class FileWatch {
 public:
  // Throws std::system_error naming the limit that is used up.
  explicit FileWatch(const std::string& path);

  // An event comes when a write is through, so a look at the file after it sees what was written; equal ones that wait
  // are taken together. May return early, for a signal.
  void wait() noexcept;

 private:
  UniqueFd inotify_;
};

// Why no more `watches` can be made, each an inotify instance of its own; "" if they can.
std::string file_watch_refusal(int watches);

}  // namespace ipcbench

#pragma once

#include <sys/types.h>

#include <string>

#include "harness/base/unique_fd.h"
#include "harness/base/usage_error.h"

namespace ipcbench {

// Thrown if another process writes to the log.
class LogInUse : public UsageError {
 public:
  using UsageError::UsageError;
};

// Appends lines to a file while a process measures. Each line is one write(2), so that a killed process leaves at most
// one torn line. A record lock makes the process its only owner; children don't inherit the lock, and it ends with the
// process. On file systems without locks there is none.
class LineLog {
 public:
  // Opens `path`, which messages call "KIND path"; O_CREAT creates it. Throws std::system_error and LogInUse. Throws
  // UsageError for a link, a file that isn't regular, a name that ends in ".zst", and a file that is_anothers()
  // (harness/files/output_file.h).
  LineLog(std::string path, std::string kind, int open_flags);

  // Appends `line`, which has no newline. Throws std::system_error, for a short write too; what was written is cut off
  // again.
  void append(std::string line);
  // Returns the whole text; more than kLargestInput is a UsageError. It reads through the locked descriptor: closing
  // any other descriptor of the file would drop the lock.
  std::string text() const;
  // Cuts off what follows the last newline.
  void drop_torn_line();
  void clear();
  void remove() noexcept;

  const std::string& path() const noexcept { return path_; }

 private:
  off_t size() const;
  void refuse_what_is_not_ours() const;

  std::string path_;
  std::string kind_;
  UniqueFd fd_;
};

}  // namespace ipcbench

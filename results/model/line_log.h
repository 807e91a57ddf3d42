#pragma once

#include <sys/types.h>

#include <string>

#include "harness/base/unique_fd.h"
#include "harness/base/usage_error.h"

namespace ipcbench {

// Another process writes to it.
class LogInUse : public UsageError {
 public:
  using UsageError::UsageError;
};

// A file of lines that a measuring process appends to: each line is one write(2), so that whoever is killed leaves
// whole lines and at most one torn one. One owner: by a record lock, which children don't inherit, so that it ends with
// the process. A file system without locks has to do without.
class LineLog {
 public:
  // Opens `path` (O_CREAT makes it), which messages call "KIND path". Throws std::system_error; LogInUse; UsageError
  // for a link, for what is no regular file, for a name that ends in ".zst", and for what is_anothers()
  // (harness/files/output_file.h).
  LineLog(std::string path, std::string kind, int open_flags);

  // Of a `line` without its newline. Throws std::system_error, for a short write as well: what was written of the line
  // is cut off again.
  void append(std::string line);
  // All that is in it, at most kLargestInput (UsageError). Not by its path: the lock would be lost with any other
  // descriptor of the file that is closed.
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

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/os/unique_fd.h"
#include "results/record.h"

namespace ipcbench {

// The file that holds what a run has measured so far, as JSON Lines: a header, then a line per launch. Each line is
// one write(2), so that a killed run loses at most the launch in hand. One owner: the coordinator.
class Journal {
 public:
  // Creates `path`, or empties it, and writes the header. Throws std::system_error naming the path.
  Journal(std::string path, const Result& result);

  // Throws std::system_error naming the path, for a short write as well; what was written of the line is cut off again.
  void append(const LaunchRecord& launch);
  // A header anew, when the planned cases or what is known of the machine have changed: the last one counts.
  void append_header(const Result& result);
  // When the result file has been written. The journal takes nothing after it.
  void remove() noexcept;

  const std::string& path() const noexcept { return path_; }

 private:
  void write_line(std::string line);

  std::string path_;
  UniqueFd fd_;
};

struct JournalContent {
  Result result;             // complete: false; summarised
  std::size_t launches = 0;  // lines kept
  std::string torn;          // what was passed over at the end, as a sentence; "" if the last line is whole
};

// Every line that ends in a newline counts; what follows the last newline is a torn line. `file` names the text in
// errors. Throws ResultError, whatever the text holds.
JournalContent journal_from_text(std::string_view text, const std::string& file);

}  // namespace ipcbench

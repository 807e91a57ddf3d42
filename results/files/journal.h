#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/base/usage_error.h"
#include "results/model/line_log.h"
#include "results/model/record.h"

namespace ipcbench {

// Another process measures into it.
using JournalInUse = LogInUse;

// It holds launches of a run that nobody has finished.
class JournalUnfinished : public UsageError {
 public:
  using UsageError::UsageError;
};

// The file that holds what a run has measured so far, as JSON Lines: a header, then a line per launch. Each line is
// one write(2), so that a killed run loses at most the launch in hand. One owner: the coordinator, by a lock that
// its children don't inherit, so that it ends with the process.
class Journal {
 public:
  // Creates `path`, or empties one without launches, and writes the header. Throws std::system_error naming the path;
  // JournalInUse; JournalUnfinished, and then nothing in it has changed.
  Journal(std::string path, const Result& result);
  // Takes over one that exists; nothing in it is changed. Throws std::system_error, JournalInUse.
  static Journal open(std::string path);
  // Makes one of a result that has none: the header and its launches, or nothing. Throws std::system_error.
  static void restore(const std::string& path, const Result& result);

  // Throws std::system_error naming the path, for a short write as well; what was written of the line is cut off again.
  void append(const LaunchRecord& launch);
  void append(const std::string& case_id, const ChannelRecord& channel);
  // A header anew, when the planned cases or what is known of the machine have changed: the last one counts.
  void append_header(const Result& result);
  // All that is in it. Not by its path: the lock would be lost with any other descriptor of the file that is closed.
  std::string text() const { return log_.text(); }
  // Cuts off what follows the last newline. Throws std::system_error.
  void drop_torn_line() { log_.drop_torn_line(); }
  // When the result file has been written. The journal takes nothing after it.
  void remove() noexcept { log_.remove(); }

  const std::string& path() const noexcept { return log_.path(); }

 private:
  Journal(std::string path, int open_flags);

  LineLog log_;
};

// Whether a file's text is a journal rather than a result.
bool is_journal(std::string_view text) noexcept;

struct JournalContent {
  Result result;             // complete: false; summarised
  std::size_t launches = 0;  // lines kept
  std::string torn;          // what was passed over at the end, as a sentence; "" if the last line is whole
};

// Every line that ends in a newline counts; what follows the last newline is a torn line. `file` names the text in
// errors. Throws ResultError, whatever the text holds.
JournalContent journal_from_text(std::string_view text, const std::string& file);

}  // namespace ipcbench

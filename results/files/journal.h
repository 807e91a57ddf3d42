#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/base/usage_error.h"
#include "results/model/line_log.h"
#include "results/model/record.h"

namespace ipcbench {

// Thrown if another process is measuring into the journal.
using JournalInUse = LogInUse;

// Thrown if the journal holds launches of an unfinished run.
class JournalUnfinished : public UsageError {
 public:
  using UsageError::UsageError;
};

// Holds what a run has measured so far, as JSON Lines: a header, then a line per launch. Each line is one write(2), so
// that a killed run loses at most the launch in progress. The coordinator is the only owner, by a lock that children
// don't inherit and that ends with the process.
class Journal {
 public:
  // Creates `path`, or truncates a journal without launches, and writes the header. Throws std::system_error naming the
  // path, JournalInUse, or JournalUnfinished; the file is then unchanged.
  Journal(std::string path, const Result& result);
  // Opens an existing journal without changing it. Throws std::system_error or JournalInUse.
  static Journal open(std::string path);
  // Writes a journal from a result that has none: the header and its launches, or nothing. Throws std::system_error.
  static void restore(const std::string& path, const Result& result);

  // Appends a line. Throws std::system_error naming the path, for a short write too; a partly written line is cut off
  // again.
  void append(const LaunchRecord& launch);
  void append(const std::string& case_id, const ChannelRecord& channel);
  // Appends a new header after the planned cases or the facts about the machine have changed. Readers use the last one.
  void append_header(const Result& result);
  // Returns the whole text. It reads through the locked descriptor: closing any other descriptor of the file would drop
  // the lock.
  std::string text() const { return log_.text(); }
  // Cuts off what follows the last newline. Throws std::system_error.
  void drop_torn_line() { log_.drop_torn_line(); }
  // Deletes the journal once the result file is written. Nothing may be appended afterwards.
  void remove() noexcept { log_.remove(); }

  const std::string& path() const noexcept { return log_.path(); }

 private:
  Journal(std::string path, int open_flags);

  LineLog log_;
};

// Returns whether a file's text is a journal rather than a result.
bool is_journal(std::string_view text) noexcept;

// Returns whether `text` is a journal whose run was killed, or whose disk was full, before its first line was whole: it
// holds nothing. "" is such a text.
bool is_torn_header(std::string_view text);

struct JournalContent {
  Result result;             // complete: false; summarised
  std::size_t launches = 0;  // lines kept
  std::string torn;          // the torn last line that was skipped, as a sentence; "" if there is none
};

// Reads every line that ends in a newline; the rest is a torn line. `file` names the text in errors. Throws ResultError
// for any malformed text.
JournalContent journal_from_text(std::string_view text, const std::string& file);

}  // namespace ipcbench

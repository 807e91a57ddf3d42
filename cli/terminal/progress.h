#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/run_observer.h"

namespace ipcbench {

enum class ProgressMode { automatic, plain, json, none };

struct RunEnd {
  std::string output;       // the result file
  bool saved = true;        // false: the run was stopped at once
  std::string resume = {};  // the command that finishes it; "" if it is complete
};

// Reports a run on stderr: notes, progress, how it ended.
class ProgressReporter : public RunObserver {
 public:
  // Called before anything is written to stdout.
  virtual void measured() = 0;
  virtual void ended(const RunEnd& end) = 0;
};

// Creates the reporter of a mode:
//   - automatic: one rewritten line on a terminal, else plain
//   - plain: a line every 10 s at most, for logs
//   - json: one JSON object a line for every note, end of a launch and end of the run (docs/result-format.md)
//   - none: only how the run ended
std::unique_ptr<ProgressReporter> make_progress(ProgressMode mode);
// Returns the names in the order of ProgressMode: "auto", "plain", "json", "none".
std::vector<std::string> progress_mode_names();
ProgressMode parse_progress_mode(std::string_view name);  // automatic for unknown names

// Prints a RunEnd for people.
void tell_end(const RunEnd& end);

// The classes behind the modes, one per file.
std::unique_ptr<ProgressReporter> make_progress_lines(bool may_rewrite);
std::unique_ptr<ProgressReporter> make_progress_json();

}  // namespace ipcbench

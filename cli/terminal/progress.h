#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/runner.h"

namespace ipcbench {

enum class ProgressMode { automatic, plain, json, none };

struct RunEnd {
  std::string output;       // the result file,
  bool saved = true;        //   unless the run was stopped at once
  std::string resume = {};  // how to finish it; "" if it is complete
};

// What a run says on stderr: notes, how far it is, how it ended.
class ProgressReporter : public RunObserver {
 public:
  // Before anything goes to stdout.
  virtual void measured() = 0;
  virtual void ended(const RunEnd& end) = 0;
};

// automatic: one line that rewrites itself on a terminal, else plain. plain: a line every 10 s at most, so that a log
// stays readable. json: every note, end of a launch and end of the run is one JSON object a line
// (docs/result-format.md). none: only how the run ended.
std::unique_ptr<ProgressReporter> make_progress(ProgressMode mode);
// In the order of ProgressMode: "auto", "plain", "json", "none".
std::vector<std::string> progress_mode_names();
ProgressMode progress_mode_named(std::string_view name);  // automatic for any other

// The lines of a RunEnd, for people.
void tell_end(const RunEnd& end);

// The classes behind the modes, one a file.
std::unique_ptr<ProgressReporter> make_progress_lines(bool may_rewrite);
std::unique_ptr<ProgressReporter> make_progress_json();

}  // namespace ipcbench

#pragma once

#include <chrono>
#include <string_view>

#include "harness/run/runner.h"

namespace ipcbench {

// Shows on stderr how far a run is: one line that rewrites itself on a terminal, else a plain line every 10 s, so that
// a log stays readable.
class ProgressLine final : public RunObserver {
 public:
  ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() override;

  void progress(const Progress& progress) override;
  void note(std::string_view text) override;
  // Removes the line: what follows starts at a line of its own.
  void clear() noexcept;

 private:
  using Clock = std::chrono::steady_clock;

  bool terminal_;
  bool shown_ = false;
  Clock::time_point next_;  // when the next line is due
};

}  // namespace ipcbench
